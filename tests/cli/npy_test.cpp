// SPDX-License-Identifier: Apache-2.0
// The reader and writer of .npy files, below the command.
#include "io/npy.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <span>

namespace spmma::verif {
namespace {

std::vector<std::byte> to_bytes(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

/// A version 1.0 or 2.0 file around any dictionary, without padding.
std::string file(const std::string& dict, const std::string& data = "", char version = 1) {
  std::string text = "\x93NUMPY";
  text += {version, '\0', static_cast<char>(dict.size() & 0xFF), static_cast<char>(dict.size() >> 8)};
  if (version == 2) text += {'\0', '\0'};
  return text + dict + data;
}

std::string dict(const std::string& descr, const std::string& shape, bool fortran = false) {
  return fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}\n", descr, fortran ? "True" : "False",
                     shape);
}

std::string error(const std::string& bytes) {
  try {
    parse_npy(to_bytes(bytes));
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

TEST(Npy, WritesTheBytesThatNumpyWrites) {
  // numpy.save() of a float32 array of shape (3, 4), up to its data.
  std::string expected("\x93NUMPY\x01\x00\x76\x00", 10);
  expected += "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }";
  expected.resize(127, ' ');
  EXPECT_EQ(npy_header(Tensor(3, 4, 4), Dtype::f4), expected + '\n');
  EXPECT_NE(npy_header(Tensor(3, 4, 1, 2, true), Dtype::i1).find("'|i1', 'fortran_order': False, 'shape': (2, 3, 4)"),
            std::string::npos);
}

TEST(Npy, ReadsWhatItWrites) {
  std::mt19937_64 random(1);
  for (const Dtype dtype : {Dtype::i1, Dtype::u1, Dtype::f2, Dtype::u2, Dtype::f4, Dtype::i4, Dtype::u4}) {
    for (const bool batched : {false, true}) {
      Tensor t(3, 5, bytes(dtype), batched ? 2 : 1, batched);
      for (std::byte& b : t.data) b = static_cast<std::byte>(random());
      std::vector<std::byte> whole = to_bytes(npy_header(t, dtype));
      whole.insert(whole.end(), t.data.begin(), t.data.end());
      const Npy npy = parse_npy(whole);
      EXPECT_EQ(npy.dtype, dtype);
      EXPECT_EQ(npy.tensor.batched, batched);
      EXPECT_EQ(npy.tensor.batch, t.batch);
      EXPECT_EQ(npy.tensor.rows, 3);
      EXPECT_EQ(npy.tensor.cols, 5);
      EXPECT_EQ(npy.tensor.data, t.data);
    }
  }
}

TEST(Npy, ReadsVersion2AndOtherSpellings) {
  const std::string data = "abcdef";
  for (const std::string& text : {
           file(dict("|u1", "(2, 3)"), data, 2),
           file("{'shape': (2, 3), 'fortran_order': False, 'descr': '|u1'}", data),
           file("{\"descr\":\"<u1\",\"fortran_order\":False,\"shape\":(2,3)}", data),
           file("{'descr': '|u1', 'fortran_order': False, 'shape': (2L, 3L), }   \n", data),
       }) {
    const Npy npy = parse_npy(to_bytes(text));
    EXPECT_EQ(npy.dtype, Dtype::u1);
    EXPECT_EQ(npy.tensor.rows, 2);
    EXPECT_EQ(npy.tensor.cols, 3);
    EXPECT_EQ(npy.tensor.get(0, 1, 0), std::uint32_t{'d'});
  }
}

TEST(Npy, FortranOrderIsTurned) {
  const Npy flat = parse_npy(to_bytes(file(dict("|u1", "(2, 3)", true), "adbecf")));
  EXPECT_EQ(flat.tensor.data, to_bytes("abcdef"));
  // Entry, row, column: the first index runs fastest in the file.
  const Npy batch = parse_npy(to_bytes(file(dict("|u1", "(2, 1, 3)", true), "adbecf")));
  EXPECT_EQ(batch.tensor.data, to_bytes("abcdef"));
  const Npy wide = parse_npy(to_bytes(file(dict("<u2", "(2, 2)", true), "aaccbbdd")));
  EXPECT_EQ(wide.tensor.data, to_bytes("aabbccdd"));
}

TEST(Npy, EmptyAxes) {
  for (const char* const shape : {"(0, 3)", "(3, 0)", "(0, 0)", "(0, 2, 3)", "(2, 0, 3)"}) {
    EXPECT_TRUE(parse_npy(to_bytes(file(dict("<f4", shape)))).tensor.data.empty()) << shape;
  }
}

TEST(Npy, DamagedHeaders) {
  for (const char* const bad : {
           "",
           "{",
           "}",
           "{}",
           "{'descr': '|u1'}",
           "{'descr': '|u1', 'fortran_order': False}",
           "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3)} x",
           "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), 'more': 1}",
           "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (2, 3)}",
           "{'descr': '|u1', 'fortran_order': Falsch, 'shape': (2, 3)}",
           "{'descr': '|u1', 'fortran_order': 0, 'shape': (2, 3)}",
           "{'descr': '|u1', 'fortran_order': False, 'shape': [2, 3]}",
           "{'descr': '|u1', 'fortran_order': False, 'shape': (2 3)}",
           "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3}",
           "{'descr': '|u1', 'fortran_order': False, 'shape': (2, x)}",
           "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3.5)}",
           "{'descr': '|u1, 'fortran_order': False, 'shape': (2, 3)}",
           "{descr: '|u1', 'fortran_order': False, 'shape': (2, 3)}",
       }) {
    EXPECT_NE(error(file(bad, "abcdef")), "") << bad;
  }
  EXPECT_NE(error(file(std::string("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3)}\0", 58), "abcdef")), "");
}

TEST(Npy, EveryTruncationIsAnError) {
  const std::string whole = file(dict("<u2", "(2, 3)"), "abcdefghijkl");
  ASSERT_EQ(error(whole), "");
  for (std::size_t n = 0; n < whole.size(); ++n) EXPECT_NE(error(whole.substr(0, n)), "") << n;
  EXPECT_NE(error(whole + "x"), "");
}

TEST(Npy, DamageIsFoundOrHarmless) {
  const std::string whole = file(dict("<u2", "(2, 3)"), "abcdefghijkl");
  std::mt19937_64 random(2);
  int found = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string damaged = whole;
    for (std::uint64_t n = 1 + random() % 3; n > 0; --n)
      damaged[random() % damaged.size()] = static_cast<char>(random());
    found += !error(damaged).empty();
  }
  EXPECT_GT(found, 10000);
}

TEST(Npy, SizesThatOverflowOrFillNoMemory) {
  EXPECT_EQ(checked_bytes(2, 3, 5, 4), 120u);
  EXPECT_EQ(checked_bytes(0, 3, 5, 4), 0u);
  const std::int64_t huge = std::int64_t{1} << 62;
  EXPECT_THROW(checked_bytes(1, huge, 0, 4), InputError);  // no partial product may overflow either
  EXPECT_THROW(checked_bytes(1, huge, huge, 1), InputError);
  EXPECT_THROW(checked_bytes(1, std::int64_t{1} << 30, std::int64_t{1} << 30, 4), InputError);
}

}  // namespace
}  // namespace spmma::verif
