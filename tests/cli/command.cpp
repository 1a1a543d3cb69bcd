// SPDX-License-Identifier: Apache-2.0
#include "command.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace spmma::test {
namespace {

namespace fs = std::filesystem;

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

pid_t spawn(const std::string& program, const std::string& arguments, const std::string& folder, const std::string& out,
            const std::string& err) {
  std::istringstream words(arguments);
  std::vector<std::string> args = {program};
  args.insert(args.end(), std::istream_iterator<std::string>(words), {});
  std::vector<char*> argv;
  argv.reserve(args.size() + 1);
  for (std::string& arg : args) argv.push_back(arg.data());
  argv.push_back(nullptr);

  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child > 0) return child;
  // A test that runs in the background of a shell without job control has inherited an ignored SIGINT.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_DFL);
  const int out_fd = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int err_fd = ::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (out_fd < 0 || err_fd < 0 || ::dup2(out_fd, STDOUT_FILENO) < 0 || ::dup2(err_fd, STDERR_FILENO) < 0 ||
      ::chdir(folder.c_str()) != 0) {
    ::_exit(126);
  }
  ::execv(program.c_str(), argv.data());
  ::_exit(127);
}

}  // namespace

CommandTest::CommandTest() { fs::create_directory(folder_); }

Outcome CommandTest::run_program(const std::string& program, const std::string& arguments) const {
  const pid_t child = spawn(program, arguments, folder_, folder_ + ".out", folder_ + ".err");
  int status = 0;
  if (::waitpid(child, &status, 0) != child) throw std::runtime_error("waitpid failed");
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), slurp(folder_ + ".out"),
          slurp(folder_ + ".err")};
}

pid_t CommandTest::start(const std::string& arguments) const {
  return spawn(SPMMA_COMMAND, arguments, folder_, folder_ + ".out", folder_ + ".err");
}

std::string CommandTest::said() const { return slurp(folder_ + ".err"); }

void CommandTest::write(const std::string& name, const Tensor& t, verif::Dtype dtype) const {
  ASSERT_EQ(t.elem_bytes, verif::bytes(dtype));
  std::ofstream file(path(name), std::ios::binary);
  file << verif::npy_header(t, dtype);
  file.write(reinterpret_cast<const char*>(t.data.data()), static_cast<std::streamsize>(t.data.size()));
  ASSERT_TRUE(file.flush()) << name;
}

void CommandTest::write(const std::string& name, const std::string& bytes) const {
  std::ofstream file(path(name), std::ios::binary);
  ASSERT_TRUE((file << bytes).flush()) << name;
}

std::string CommandTest::contents(const std::string& name) const { return slurp(path(name)); }

std::map<std::string, std::string> CommandTest::listing() const {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    const std::string name = entry.path().filename().string();
    all[name] = entry.is_directory() ? "a folder" : contents(name);
  }
  return all;
}

std::size_t CommandTest::file_count() const {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), {}));
}

verif::Dtype raw_dtype(Format f) {
  if (f == Format::int8) return verif::Dtype::i1;
  return storage_bytes(f) == 1 ? verif::Dtype::u1 : storage_bytes(f) == 2 ? verif::Dtype::u2 : verif::Dtype::u4;
}

verif::Dtype raw_dtype(Acc acc) { return acc == Acc::f16 ? verif::Dtype::u2 : verif::Dtype::u4; }

Tensor random_bits(std::mt19937_64& random, std::int64_t rows, std::int64_t cols, int elem_bytes, std::int64_t batch,
                   bool batched) {
  Tensor t(rows, cols, elem_bytes, batch, batched);
  for (std::byte& byte : t.data) byte = static_cast<std::byte>(random());
  return t;
}

void clear_top_exponent_bit(Tensor& t) {
  const auto step = static_cast<std::size_t>(t.elem_bytes);
  for (std::size_t i = step - 1; i < t.data.size(); i += step) t.data[i] &= std::byte{0xBF};
}

Tensor random_operand(std::mt19937_64& random, std::int64_t rows, std::int64_t cols, Format f) {
  Tensor t = random_bits(random, rows, cols, storage_bytes(f));
  if (!is_integer(f)) clear_top_exponent_bit(t);
  return t;
}

Tensor matrix(int elem_bytes, const std::vector<std::vector<std::uint32_t>>& rows) {
  Tensor t(static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(rows.at(0).size()), elem_bytes);
  for (std::int64_t r = 0; r < t.rows; ++r) {
    for (std::int64_t c = 0; c < t.cols; ++c)
      t.set(0, r, c, rows[static_cast<std::size_t>(r)].at(static_cast<std::size_t>(c)));
  }
  return t;
}

std::vector<Combination> combinations() {
  std::vector<Combination> all;
  for (const Format a : kFormats) {
    for (const Format b : kFormats) {
      for (const Acc acc : {Acc::s32, Acc::f32, Acc::f16}) {
        if (legal(a, b, acc)) all.push_back({a, b, acc});
      }
    }
  }
  return all;
}

}  // namespace spmma::test
