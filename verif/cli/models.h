// SPDX-License-Identifier: Apache-2.0
// The RTL that the command runs is the RTL as it is now.
#pragma once

#include <string>
#include <vector>

namespace spmma::cli {

/// Of which presets models record waves: of none, of the few that a build may be held to, of all that are wanted.
enum class Waves { none, few, all };

struct ModelsWanted {
  std::string rtl;                   ///< another tree of RTL (--rtl), or empty
  std::vector<std::string> presets;  ///< to build of another tree; empty: all
  Waves waves = Waves::none;
  std::vector<std::string> options = {};  ///< of a build of its own, for CMake (-DNAME=VALUE), under the name `kind`
  std::string kind = {};
};

/// This program has been through use_current_rtl(), and was built by it: its RTL is the one that is wanted.
bool is_current_rtl();

/// Returns if this program's models are those of the RTL in the source tree, or if that tree is not here (an installed
/// command). Else builds the command anew, of the other tree where one is named, and becomes it with the same
/// `arguments` (of main(), less --rtl). The same where waves are needed that this program has not. Throws
/// verif::InputError if the tree is none, or cannot be built.
void use_current_rtl(const ModelsWanted& wanted, std::vector<std::string> arguments);

}  // namespace spmma::cli
