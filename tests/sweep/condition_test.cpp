// SPDX-License-Identifier: Apache-2.0
// --where: precedence, operators, and messages.
#include "sweep/condition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/error.h"

namespace spmma::sweep {
namespace {

using ::testing::HasSubstr;

bool holds(const std::string& text) {
  Point point;
  point.rows = 8;
  point.cols = 4;
  point.step_bytes = 16;
  return parse_condition(text)(point);
}

TEST(Condition, Arithmetic) {
  EXPECT_TRUE(holds("rows + cols * 2 == 16"));
  EXPECT_TRUE(holds("(rows + cols) * 2 == 24"));
  EXPECT_TRUE(holds("rows - cols - 2 == 2")) << "from the left";
  EXPECT_TRUE(holds("rows / cols / 2 == 1"));
  EXPECT_TRUE(holds("rows % 3 == 2"));
  EXPECT_TRUE(holds("step_bytes = 16"));
  EXPECT_TRUE(holds("rows"));
  EXPECT_FALSE(holds("sparse"));
}

TEST(Condition, Comparisons) {
  EXPECT_TRUE(holds("rows > cols"));
  EXPECT_FALSE(holds("rows < cols"));
  EXPECT_TRUE(holds("rows >= 8"));
  EXPECT_FALSE(holds("rows >= 9"));
  EXPECT_TRUE(holds("rows <= 8"));
  EXPECT_FALSE(holds("rows <= 7"));
  EXPECT_TRUE(holds("rows != 7"));
  EXPECT_FALSE(holds("rows != 8"));
}

TEST(Condition, Logic) {
  EXPECT_TRUE(holds("rows == 8 or rows == 9 and cols == 5")) << "and binds more than or";
  EXPECT_FALSE(holds("(rows == 8 or rows == 9) and cols == 5"));
  EXPECT_TRUE(holds("not rows == 9"));
  EXPECT_TRUE(holds("!(rows == 9) && cols == 4 || sparse"));
  EXPECT_FALSE(holds("not not sparse"));
}

TEST(Condition, RefusedWithTheCharacter) {
  const auto refusal = [](const std::string& text) -> std::string {
    try {
      holds(text);
    } catch (const verif::InputError& e) {
      return e.what();
    }
    return "nothing is refused";
  };
  EXPECT_THAT(refusal("rowz > 4"), HasSubstr("'rowz' is not an axis at character 1"));
  EXPECT_THAT(refusal("rows >"), HasSubstr("is missing at character 7"));
  EXPECT_THAT(refusal("(rows > 4"), HasSubstr("a ) is missing"));
  EXPECT_THAT(refusal("rows 4"), HasSubstr("an operator is missing at character 6"));
  EXPECT_THAT(refusal("rows > 4x"), HasSubstr("'4x' is not a number"));
  EXPECT_THAT(refusal(""), HasSubstr("is missing"));
  EXPECT_THAT(refusal("rows / sparse"), HasSubstr("divides by zero"));
  for (const char* text :
       {"a * a * 2 + a * 4 + 2", "0 - a * a * 2 - a * 4 - 3", "a * a * a", "(0 - a * a * 2 - a * 4 - 2) / (0 - 1)"}) {
    std::string large(text);  // a * a * 2 + a * 4 + 1 is the largest number
    for (std::size_t at = large.find('a'); at != std::string::npos; at = large.find('a'))
      large.replace(at, 1, "2147483647");
    EXPECT_THAT(refusal(large), HasSubstr("a number has more than 64 bits")) << text;
  }
  EXPECT_THAT(refusal("1" + std::string(10000, ' ')), HasSubstr("more than 10000 characters"));
  EXPECT_THAT(refusal(std::string(10000, '(')), HasSubstr("too deep"));
}

}  // namespace
}  // namespace spmma::sweep
