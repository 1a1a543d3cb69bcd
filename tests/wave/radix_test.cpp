// SPDX-License-Identifier: Apache-2.0
// Values as text, and the filter that GTKWave talks to.
#include "wave/radix.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <Eigen/Core>
#include <cstring>
#include <sstream>

#include "wave/save_file.h"

namespace spmma::verif {
namespace {

std::string hex(std::uint32_t bits, int digits) { return fmt::format("{:0{}x}", bits, digits); }

std::string number(float value) { return std::isnan(value) ? "nan" : fmt::format("{:.6g}", value); }

/// NaNs have a sign that no format's text shows alike.
std::string unsigned_nan(const std::string& text) { return text == "-nan" ? "nan" : text; }

TEST(Radix, Fp16IsWhatEigenSays) {
  for (std::uint32_t bits = 0; bits <= 0xFFFF; ++bits) {
    const auto value = Eigen::half_impl::raw_uint16_to_half(static_cast<std::uint16_t>(bits));
    ASSERT_EQ(unsigned_nan(show_hex(Radix::fp16, hex(bits, 4))), number(static_cast<float>(Eigen::half(value))))
        << bits;
  }
}

TEST(Radix, Bf16IsWhatEigenSays) {
  for (std::uint32_t bits = 0; bits <= 0xFFFF; ++bits) {
    const auto value = Eigen::bfloat16_impl::raw_uint16_to_bfloat16(static_cast<std::uint16_t>(bits));
    ASSERT_EQ(unsigned_nan(show_hex(Radix::bf16, hex(bits, 4))), number(static_cast<float>(Eigen::bfloat16(value))))
        << bits;
  }
}

TEST(Radix, F32IsWhatTheMachineSays) {
  for (std::uint64_t i = 0; i <= 0xFFFF; ++i) {
    const auto bits = static_cast<std::uint32_t>(i * 65537);
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    ASSERT_EQ(unsigned_nan(show_hex(Radix::f32, hex(bits, 8))), number(value)) << bits;
  }
}

TEST(Radix, KnownNumbers) {
  EXPECT_EQ(show_hex(Radix::tf32, "3fc00000"), "1.5");
  EXPECT_EQ(show_hex(Radix::tf32, "3fc01fff"), "1.5");  // what TF32 drops
  EXPECT_EQ(show_hex(Radix::tf32, "ff800000"), "-inf");
  EXPECT_EQ(show_hex(Radix::e4m3, "38"), "1");
  EXPECT_EQ(show_hex(Radix::e4m3, "7e"), "448");
  EXPECT_EQ(show_hex(Radix::e4m3, "01"), "0.00195312");
  EXPECT_EQ(show_hex(Radix::e4m3, "7f"), "nan");
  EXPECT_EQ(show_hex(Radix::e5m2, "3c"), "1");
  EXPECT_EQ(show_hex(Radix::e5m2, "7b"), "57344");
  EXPECT_EQ(show_hex(Radix::e5m2, "fc"), "-inf");
  EXPECT_EQ(show_hex(Radix::int8, "80"), "-128");
  EXPECT_EQ(show_hex(Radix::uint8, "80"), "128");
  EXPECT_EQ(show_hex(Radix::s32, "fffffffe"), "-2");
  EXPECT_EQ(show_hex(Radix::f16, "ffff3c00"), "1");  // the high half of the word is nothing
  EXPECT_EQ(show_hex(Radix::unsigned_decimal, "ff"), "255");
  EXPECT_EQ(show_hex(Radix::signed_decimal, "fe"), "-2");
  EXPECT_EQ(show(Radix::signed_decimal, "110"), "-2");
  EXPECT_EQ(show(Radix::hex, "0001011"), "B");
}

TEST(Radix, VectorsBeginWithTheirFirstElement) {
  EXPECT_EQ(show_hex(Radix::fp16, "c0003c00"), "1 -2");
  EXPECT_EQ(show_hex(Radix::int8, "ff0201"), "1 2 -1");
  EXPECT_EQ(show_hex(Radix::f32, "400000003f800000"), "1 2");
  EXPECT_EQ(show_hex(Radix::fp16, "xxxx3c00"), "1 x");
}

TEST(Radix, MetadataAsPlaces) {
  EXPECT_EQ(show_hex(Radix::metadata, "9c"), "03 12");  // interfaces.md: [[0, 3], [1, 2]] are 0xC, 0x9
  EXPECT_EQ(show_hex(Radix::metadata_tf32, "4e"), "1 0");
}

TEST(Radix, Names) {
  EXPECT_EQ(show(Radix::format, "010"), "fp16");
  EXPECT_EQ(show(Radix::format, "111"), "7?");
  EXPECT_EQ(show(Radix::operand, "001"), "E");
  EXPECT_EQ(show(Radix::response, "10"), "SLVERR");
  EXPECT_EQ(show(Radix::reader_state, "011"), "Ask");
  EXPECT_EQ(show(Radix::writer_state, "10"), "Drain");
  EXPECT_EQ(show(Radix::stall, "1000000"), "chain");
  EXPECT_EQ(show(Radix::stall, "0000000"), "-");
}

TEST(Radix, UnknownAndNoNumbers) {
  EXPECT_EQ(show(Radix::format, "0x0"), "x");
  EXPECT_EQ(show_hex(Radix::unsigned_decimal, "1x"), "x");
  EXPECT_EQ(show_hex(Radix::fp16, "hello"), "hello");
  EXPECT_EQ(show_hex(Radix::fp16, ""), "");
}

TEST(Radix, EveryOneHasAName) {
  for (int i = 0; i <= static_cast<int>(Radix::writer_state); ++i) {
    const auto radix = static_cast<Radix>(i);
    EXPECT_EQ(parse_radix(name(radix)), radix);
  }
  EXPECT_EQ(parse_radix("fp17"), std::nullopt);
  for (const Format f : kFormats) EXPECT_EQ(name(radix_of(f)), name(f));
  for (const Acc acc : {Acc::s32, Acc::f32, Acc::f16}) EXPECT_EQ(name(radix_of(acc)), name(acc));
}

TEST(Filter, AnswersEachLine) {
  std::istringstream in("3c00\n c000 \n\nxxxx\n7C00\n");
  std::ostringstream out;
  wave_filter(Radix::fp16, in, out);
  EXPECT_EQ(out.str(), "1\n-2\n\nx\ninf\n");
}

}  // namespace
}  // namespace spmma::verif
