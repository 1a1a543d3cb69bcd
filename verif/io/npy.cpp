// SPDX-License-Identifier: Apache-2.0
#include "io/npy.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <limits>
#include <span>

namespace spmma::verif {
namespace {

static_assert(std::endian::native == std::endian::little, "elements are copied as they lie in the file");

constexpr std::string_view kMagic = "\x93NUMPY";
// A matrix's header has about 80 characters; the limit only keeps a damaged length field from being believed.
constexpr std::size_t kMaxHeader = 65535;
constexpr std::size_t kChunk = std::size_t{1} << 20;

struct DtypeRow {
  std::string_view code;
  std::string_view name;
  int bytes;
};
constexpr std::array<DtypeRow, 7> kDtypes = {{{"i1", "int8", 1},
                                              {"u1", "uint8", 1},
                                              {"f2", "float16", 2},
                                              {"u2", "uint16", 2},
                                              {"f4", "float32", 4},
                                              {"i4", "int32", 4},
                                              {"u4", "uint32", 4}}};

const DtypeRow& row(Dtype t) { return kDtypes[static_cast<std::size_t>(t)]; }

Dtype parse_descr(std::string_view descr) {
  if (descr.size() == 3 && descr[0] == '>') {
    throw InputError(fmt::format("element type '{}' is big-endian; save it little-endian", descr));
  }
  for (std::size_t i = 0; i < kDtypes.size(); ++i) {
    const bool order_fits = descr.starts_with('<') || (descr.starts_with('|') && kDtypes[i].bytes == 1);
    if (order_fits && descr.substr(1) == kDtypes[i].code) return static_cast<Dtype>(i);
  }
  throw InputError(fmt::format("element type '{}' is not one that a matrix can have", descr));
}

struct Header {
  Dtype dtype = Dtype::u1;
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
  std::size_t data_offset = 0;
};

/// The dictionary of a header: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }. Exactly these three keys,
/// in any order.
class DictParser {
 public:
  explicit DictParser(std::string_view text) : text_(text) {}

  void parse(Header& header) {
    bool have_descr = false, have_order = false, have_shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string_view key = string();
      expect(':');
      if (key == "descr" && !have_descr) {
        have_descr = true;
        if (peek() != '\'' && peek() != '"') throw InputError("structured element types are not matrices");
        header.dtype = parse_descr(string());
      } else if (key == "fortran_order" && !have_order) {
        have_order = true;
        header.fortran_order = boolean();
      } else if (key == "shape" && !have_shape) {
        have_shape = true;
        header.shape = tuple();
      } else {
        fail();
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    if (!have_descr || !have_order || !have_shape || peek() != '\0') fail();
  }

 private:
  [[noreturn]] static void fail() { throw InputError("the header is damaged"); }

  /// Next character that is not white space, or NUL at the end.
  char peek() {
    while (pos_ < text_.size() && std::string_view(" \t\r\n").find(text_[pos_]) != std::string_view::npos) ++pos_;
    if (pos_ == text_.size()) return '\0';
    if (text_[pos_] == '\0') fail();
    return text_[pos_];
  }
  bool accept(char c) {
    if (peek() != c) return false;
    ++pos_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail();
  }
  std::string_view string() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') fail();
    const std::size_t begin = pos_ + 1;
    const std::size_t end = text_.find(quote, begin);
    if (end == std::string_view::npos) fail();
    pos_ = end + 1;
    return text_.substr(begin, end - begin);
  }
  bool boolean() {
    peek();
    for (const bool value : {false, true}) {
      const std::string_view word = value ? "True" : "False";
      if (text_.substr(pos_).starts_with(word)) {
        pos_ += word.size();
        return value;
      }
    }
    fail();
  }
  std::vector<std::int64_t> tuple() {
    std::vector<std::int64_t> sizes;
    expect('(');
    while (!accept(')')) {
      sizes.push_back(size());
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return sizes;
  }
  std::int64_t size() {
    if (peek() == '-') throw InputError("the shape has a negative size");
    std::uint64_t value = 0;
    const char* const end = text_.data() + text_.size();
    const auto [next, error] = std::from_chars(text_.data() + pos_, end, value);
    if (error == std::errc::invalid_argument) fail();
    if (error == std::errc::result_out_of_range || value > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
      throw InputError("the shape's sizes are too large");
    }
    pos_ = static_cast<std::size_t>(next - text_.data());
    if (pos_ < text_.size() && text_[pos_] == 'L') ++pos_;  // Python 2 wrote its long integers so
    return static_cast<std::int64_t>(value);
  }

  std::string_view text_;
  std::size_t pos_ = 0;
};

/// `bytes` is the file's beginning, at least as much of it as a header can fill.
Header parse_header(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!text.starts_with(kMagic)) throw InputError("not an .npy file");
  const auto byte = [&](std::size_t i) {
    if (i >= bytes.size()) throw InputError("truncated within the header");
    return std::to_integer<std::size_t>(bytes[i]);
  };
  const std::size_t major = byte(6), minor = byte(7);
  if ((major != 1 && major != 2) || minor != 0) {
    throw InputError(fmt::format(".npy format {}.{} is not supported (1.0 and 2.0 are)", major, minor));
  }
  std::size_t length = byte(8) | byte(9) << 8;
  if (major == 2) length |= byte(10) << 16 | byte(11) << 24;
  const std::size_t begin = major == 1 ? 10 : 12;
  if (length > kMaxHeader) throw InputError(fmt::format("a header of {} bytes is too long for a matrix", length));
  if (text.size() - begin < length) throw InputError("truncated within the header");

  Header header;
  header.data_offset = begin + length;
  DictParser(text.substr(begin, length)).parse(header);
  if (header.shape.size() != 2 && header.shape.size() != 3) {
    throw InputError(
        fmt::format("has {} dimensions; a matrix has 2, or 3 with a leading batch axis", header.shape.size()));
  }
  return header;
}

std::size_t data_bytes(const Header& h) {
  const std::size_t first = h.shape.size() - 2;
  return checked_bytes(first == 1 ? h.shape[0] : 1, h.shape[first], h.shape[first + 1], bytes(h.dtype));
}

[[noreturn]] void fail_truncated(std::size_t promised, std::size_t found) {
  throw InputError(fmt::format("truncated: the header promises {} bytes of data, the file holds {}", promised, found));
}

/// Element (b, r, c) of a Fortran-ordered array lies at b + batch * (r + rows * c).
void from_fortran_order(Tensor& t) {
  Tensor ordered = t;
  const std::byte* source = t.data.data();
  const auto size = static_cast<std::size_t>(t.elem_bytes);
  for (std::int64_t c = 0; c < t.cols; ++c) {
    for (std::int64_t r = 0; r < t.rows; ++r) {
      for (std::int64_t b = 0; b < t.batch; ++b, source += size) {
        std::memcpy(ordered.entry(b) + static_cast<std::size_t>(r * t.cols + c) * size, source, size);
      }
    }
  }
  t = std::move(ordered);
}

/// A file descriptor that closes itself.
class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() { ::close(fd_); }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

/// Appends up to `count` bytes; fewer only at the end of the file.
void read_some(int fd, std::vector<std::byte>& to, std::size_t count) {
  const std::size_t goal = to.size() + count;
  while (to.size() < goal) {
    const std::size_t at = to.size();
    to.resize(at + std::min(kChunk, goal - at));
    const ssize_t got = ::read(fd, to.data() + at, to.size() - at);
    const int error = errno;
    to.resize(at + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && error != EINTR) throw InputError(std::strerror(error));
    if (got == 0) return;
  }
}

Npy read_descriptor(int fd) {
  struct stat info{};
  if (::fstat(fd, &info) != 0) throw InputError(std::strerror(errno));
  if (S_ISDIR(info.st_mode)) throw InputError("is a directory");

  std::vector<std::byte> file;
  read_some(fd, file, 12 + kMaxHeader);
  const Header header = parse_header(file);
  const std::size_t promised = data_bytes(header);
  const std::size_t total = header.data_offset + promised;
  if (S_ISREG(info.st_mode)) {
    const auto size = static_cast<std::size_t>(info.st_size);
    if (size < total) fail_truncated(promised, size - header.data_offset);
    file.reserve(total + 1);
  }
  if (file.size() <= total) read_some(fd, file, total + 1 - file.size());
  return parse_npy(std::move(file));
}

}  // namespace

int bytes(Dtype t) { return row(t).bytes; }
std::string_view name(Dtype t) { return row(t).name; }

std::size_t checked_bytes(std::int64_t batch, std::int64_t rows, std::int64_t cols, int elem_bytes) {
  std::int64_t whole = elem_bytes;
  for (const std::int64_t n : {batch, rows, cols}) {
    if (__builtin_mul_overflow(whole, std::max<std::int64_t>(n, 1), &whole)) {
      throw InputError(fmt::format("{} x {} x {} elements are too many", batch, rows, cols));
    }
  }
  if (batch == 0 || rows == 0 || cols == 0) return 0;
  const std::int64_t memory = std::int64_t{::sysconf(_SC_PHYS_PAGES)} * ::sysconf(_SC_PAGESIZE);
  if (whole > memory) {
    throw InputError(
        fmt::format("{} x {} x {} elements need {} bytes, more than this machine's memory", batch, rows, cols, whole));
  }
  return static_cast<std::size_t>(whole);
}

Npy parse_npy(std::vector<std::byte> file) {
  const Header header = parse_header(file);
  const std::size_t promised = data_bytes(header);
  const std::size_t found = file.size() - header.data_offset;
  if (found < promised) fail_truncated(promised, found);
  if (found > promised) throw InputError("there are extra bytes after the data");

  Npy npy;
  npy.dtype = header.dtype;
  Tensor& t = npy.tensor;
  t.batched = header.shape.size() == 3;
  t.batch = t.batched ? header.shape[0] : 1;
  t.rows = header.shape[header.shape.size() - 2];
  t.cols = header.shape.back();
  t.elem_bytes = bytes(header.dtype);
  file.erase(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(header.data_offset));
  t.data = std::move(file);
  if (header.fortran_order && !t.data.empty()) from_fortran_order(t);
  return npy;
}

Npy read_npy(const std::string& path) {
  try {
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (fd.get() < 0) throw InputError(std::strerror(errno));
    return read_descriptor(fd.get());
  } catch (const InputError& e) {
    throw InputError(path + ": " + e.what());
  } catch (const std::bad_alloc&) {
    throw InputError(path + ": not enough memory to read it");
  }
}

std::string npy_header(const Tensor& tensor, Dtype dtype) {
  const std::string shape = tensor.batched ? fmt::format("({}, {}, {})", tensor.batch, tensor.rows, tensor.cols)
                                           : fmt::format("({}, {})", tensor.rows, tensor.cols);
  std::string dict = fmt::format("{{'descr': '{}{}', 'fortran_order': False, 'shape': {}, }}",
                                 bytes(dtype) == 1 ? '|' : '<', row(dtype).code, shape);
  constexpr std::size_t kPrefix = 10, kAlignment = 64;
  const std::size_t total = (kPrefix + dict.size() + 1 + kAlignment - 1) / kAlignment * kAlignment;
  dict.resize(total - kPrefix - 1, ' ');
  dict += '\n';
  std::string header(kMagic);
  header += {'\x01', '\x00', static_cast<char>(dict.size() & 0xFF), static_cast<char>(dict.size() >> 8)};
  return header + dict;
}

}  // namespace spmma::verif
