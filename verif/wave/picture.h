// SPDX-License-Identifier: Apache-2.0
// A wave as a picture (SVG): each column a cycle, each row a signal as the rising edge at the cycle's end finds it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wave/layout.h"

namespace spmma::verif {

struct PictureOptions {
  WaveWindow window = {};                 ///< at most kPictureCycles of it are drawn
  std::optional<std::int64_t> mark = {};  ///< a cycle that is drawn in any case, and marked
};

inline constexpr std::int64_t kPictureCycles = 40;

/// The main rows of `groups`. Throws std::runtime_error if the wave has no cycle of the window.
std::string wave_picture(const std::string& wave, bool engine, const std::vector<WaveGroup>& groups,
                         const PictureOptions& options);

}  // namespace spmma::verif
