// SPDX-License-Identifier: Apache-2.0
// prune, compress, expand through files. What they compute is the golden model's matter; here it is what is read and
// written, and the cases that interfaces.md spells out.
#include <fmt/format.h>

#include <filesystem>

#include "command.h"
#include "spmma/sparse.h"

namespace spmma::test {
namespace {

using verif::Dtype;

class ConvertTest : public CommandTest {
 protected:
  void expect_success(const std::string& arguments) const {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, 0) << arguments;
    EXPECT_EQ(outcome.out + outcome.err, "") << arguments;
  }
  /// compress of one row; returns its values and metadata.
  std::pair<std::vector<std::uint32_t>, std::vector<std::uint32_t>> compress_row(
      Format f, const std::vector<std::uint32_t>& row) const {
    write("row.npy", matrix(storage_bytes(f), {row}), raw_dtype(f));
    expect_success(fmt::format("compress --format {} --a row.npy --values v.npy --meta e.npy", name(f)));
    const Tensor v = read("v.npy").tensor, e = read("e.npy").tensor;
    std::vector<std::uint32_t> values, nibbles;
    for (std::int64_t i = 0; i < v.cols; ++i) values.push_back(v.get(0, 0, i));
    for (std::int64_t i = 0; i < e.cols; ++i) nibbles.push_back(e.get(0, 0, i));
    return {values, nibbles};
  }
};

TEST_F(ConvertTest, CompressesAsDocumented) {
  using Bits = std::vector<std::uint32_t>;
  // Non-zeros at [[0, 3], [1, 2]].
  EXPECT_EQ(compress_row(Format::int8, {5, 0, 0, 6, 0, 7, 8, 0}), std::pair(Bits({5, 6, 7, 8}), Bits({0xC, 0x9})));
  // One at i: with index 3 for the other, or with index 0 where i = 3. None: 0x4.
  EXPECT_EQ(compress_row(Format::int8, {5, 0, 0, 0, 0, 6, 0, 0, 0, 0, 7, 0, 0, 0, 0, 8, 0, 0, 0, 0}),
            std::pair(Bits({5, 0, 6, 0, 7, 0, 0, 8, 0, 0}), Bits({0xC, 0xD, 0xE, 0xC, 0x4})));
  // -0 is a zero, and the values added are +0.
  EXPECT_EQ(compress_row(Format::fp16, {0x8000, 0x3C00, 0x8000, 0xBC00}),
            std::pair(Bits({0x3C00, 0xBC00}), Bits({0xD})));
  EXPECT_EQ(compress_row(Format::fp16, {0x8000, 0x8000, 0x8000, 0x8000}), std::pair(Bits({0, 0}), Bits({0x4})));
  // TF32 is 1:2, and a value below its 13 ignored bits is a zero. What is kept keeps its bits.
  EXPECT_EQ(compress_row(Format::tf32, {0x3F801234, 0x1FFF, 0x1FFF, 0xBF800001, 0x80001FFF, 0}),
            std::pair(Bits({0x3F801234, 0xBF800001, 0}), Bits({0x4, 0xE, 0x4})));
}

TEST_F(ConvertTest, PruneCompressExpandAgree) {
  std::mt19937_64 random(3);
  for (const Format f : kFormats) {
    for (const bool batched : {false, true}) {
      const Tensor a = random_bits(random, 5, 24, storage_bytes(f), batched ? 3 : 1, batched);
      write("a.npy", a, raw_dtype(f));
      expect_success(fmt::format("prune --format {} --a a.npy --out p.npy", name(f)));
      EXPECT_EQ(read("p.npy").tensor.data, prune(f, a).data);

      expect_success(fmt::format("compress --format {} --a p.npy --values v.npy --meta e.npy", name(f)));
      const Compressed parts = compress(f, prune(f, a));
      EXPECT_EQ(read("v.npy").tensor.data, parts.values.data);
      EXPECT_EQ(read("e.npy").tensor.data, parts.metadata.data);
      EXPECT_EQ(read("v.npy").tensor.cols, 12);
      EXPECT_EQ(read("e.npy").tensor.cols, f == Format::tf32 ? 12 : 6);
      EXPECT_EQ(read("e.npy").tensor.batched, batched);

      expect_success(fmt::format("expand --format {} --values v.npy --meta e.npy --out x.npy", name(f)));
      const Tensor x = read("x.npy").tensor;
      EXPECT_EQ(x.batch, a.batch);
      EXPECT_EQ(x.batched, batched);
      EXPECT_EQ(x.cols, 24);
      EXPECT_EQ(x.data, expand(f, parts.values, parts.metadata).data);
    }
  }
}

TEST_F(ConvertTest, ElementTypesAreKept) {
  for (const auto& [f, dtype] :
       {std::pair(Format::fp16, Dtype::f2), std::pair(Format::fp16, Dtype::u2), std::pair(Format::tf32, Dtype::f4),
        std::pair(Format::tf32, Dtype::u4), std::pair(Format::int8, Dtype::i1), std::pair(Format::e5m2, Dtype::u1)}) {
    write("a.npy", Tensor(2, 8, storage_bytes(f)), dtype);
    expect_success(fmt::format("prune --format {} --a a.npy --out p.npy", name(f)));
    expect_success(fmt::format("compress --format {} --a p.npy --values v.npy --meta e.npy", name(f)));
    expect_success(fmt::format("expand --format {} --values v.npy --meta e.npy --out x.npy", name(f)));
    for (const char* const file : {"p.npy", "v.npy", "x.npy"}) EXPECT_EQ(read(file).dtype, dtype) << file;
    EXPECT_EQ(read("e.npy").dtype, Dtype::u1);
  }
}

TEST_F(ConvertTest, ExpandTakesAnyNibbleIfAsked) {
  write("v.npy", matrix(1, {{5, 6, 7, 8}}), Dtype::i1);
  write("e.npy", matrix(1, {{0x1, 0xA}}), Dtype::u1);  // idx0 > idx1; both indices 2
  expect_success("expand --format int8 --values v.npy --meta e.npy --out x.npy --metadata any");
  EXPECT_EQ(read("x.npy").tensor.data, matrix(1, {{6, 5, 0, 0, 0, 0, 8, 0}}).data);
}

TEST_F(ConvertTest, EmptyMatrices) {
  for (const auto& [rows, cols] : {std::pair(0, 8), std::pair(3, 0), std::pair(0, 0)}) {
    write("a.npy", Tensor(rows, cols, 2), Dtype::f2);
    expect_success("prune --format fp16 --a a.npy --out p.npy");
    expect_success("compress --format fp16 --a p.npy --values v.npy --meta e.npy");
    expect_success("expand --format fp16 --values v.npy --meta e.npy --out x.npy");
    EXPECT_EQ(read("v.npy").tensor.cols, cols / 2);
    EXPECT_EQ(read("e.npy").tensor.cols, cols / 4);
    EXPECT_EQ(contents("x.npy"), contents("a.npy"));
  }
  // A header alone can claim as many rows as it likes.
  write("a.npy", verif::npy_header(Tensor(), Dtype::u1));
  std::string huge = contents("a.npy");
  const std::size_t at = huge.find("(0, 0), }");
  huge.replace(at, 29, "(1000000000000000000, 0), }  ");
  write("a.npy", huge);
  expect_success("prune --format uint8 --a a.npy --out p.npy");
  expect_success("compress --format uint8 --a a.npy --values v.npy --meta e.npy");
  expect_success("expand --format uint8 --values v.npy --meta e.npy --out x.npy");
  EXPECT_EQ(read("x.npy").tensor.rows, 1000000000000000000);
}

TEST_F(ConvertTest, InputMayBeOutput) {
  write("a.npy", matrix(1, {{1, 2, 3, 4}}), Dtype::i1);
  expect_success("prune --format int8 --a a.npy --out a.npy");
  EXPECT_EQ(read("a.npy").tensor.data, matrix(1, {{0, 0, 3, 4}}).data);
  EXPECT_EQ(listing().size(), 1u);
}

TEST_F(ConvertTest, LinksAndPermissionsOfAnOutputStay) {
  namespace fs = std::filesystem;
  write("a.npy", matrix(1, {{1, 2, 3, 4}}), Dtype::i1);
  write("real.npy", "");
  fs::permissions(path("real.npy"), fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("real.npy", path("link.npy"));
  expect_success("prune --format int8 --a a.npy --out link.npy");
  EXPECT_TRUE(fs::is_symlink(path("link.npy")));
  EXPECT_EQ(read("real.npy").tensor.data, matrix(1, {{0, 0, 3, 4}}).data);
  EXPECT_EQ(fs::status(path("real.npy")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(ConvertTest, StandardOutputAndDevicesAreWrittenDirectly) {
  write("a.npy", matrix(1, {{1, 2, 3, 4}}), Dtype::i1);
  const Outcome outcome = run("prune --format int8 --a a.npy --out /dev/stdout");
  EXPECT_EQ(outcome.code, 0);
  expect_success("prune --format int8 --a a.npy --out p.npy");
  EXPECT_EQ(outcome.out, contents("p.npy"));
  expect_success("prune --format int8 --a a.npy --out /dev/null");
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

}  // namespace
}  // namespace spmma::test
