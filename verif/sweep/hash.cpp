// SPDX-License-Identifier: Apache-2.0
#include "sweep/hash.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <new>
#include <sstream>

#include "io/text_file.h"

namespace spmma::sweep {

struct Hash::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }
};

Hash::Hash() : state_(std::make_unique<State>()) {
  if (state_->context == nullptr || EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) != 1) {
    throw std::bad_alloc();
  }
}

Hash::~Hash() = default;

Hash& Hash::add(std::string_view text) {
  const std::string length = fmt::format("{}:", text.size());
  EVP_DigestUpdate(state_->context, length.data(), length.size());
  EVP_DigestUpdate(state_->context, text.data(), text.size());
  return *this;
}

Hash& Hash::add_file(const std::filesystem::path& path) { return add(verif::read_text(path)); }

std::string Hash::digest() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  EVP_DigestFinal_ex(state_->context, bytes.data(), &size);
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", bytes.at(i));
  return text;
}

std::string hash_files(const std::vector<std::filesystem::path>& files) {
  Hash hash;
  for (const std::filesystem::path& file : files) hash.add(file.filename().string()).add_file(file);
  return hash.digest();
}

}  // namespace spmma::sweep
