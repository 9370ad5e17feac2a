// Owned HDF5 files: every return code checked, attributes, dimension scales. Only the .cpp includes hdf5.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace mattis::store {

/// Lengths of the dimensions of a dataset, slowest first; empty for a scalar.
using Shape = std::vector<std::size_t>;

/// One HDF5 file: a new one, built in memory, or a finished one, read only.
///
/// New files grow in memory and reach the disk as one block of bytes (save()): HDF5's own writing to disk
/// reports a full disk late or not at all, write(2) of whole bytes reports it at once.
///
/// The HDF5 library has one state for all files. A Hdf5File therefore holds the library's lock from its
/// opening to its end: other threads wait, the same thread may have several files open. It must end in the
/// thread that opened it, and is never moved.
///
/// Symbols  objects are named by their path in the file, "/" separated; "/" itself is the root group.
/// Errors   EnvironmentError naming file, operation and HDF5's own reason. Nothing is printed.
class Hdf5File {
 public:
  enum class Kind { number, text, other };

  /// A new file in memory, meant for `path`; nothing is on disk before save().
  static Hdf5File create(const std::filesystem::path& path) { return Hdf5File(Mode::create, path, {}); }
  /// A finished file, read only, without file locks: they fail on cluster file systems, protect nothing here.
  static Hdf5File open(const std::filesystem::path& path) { return Hdf5File(Mode::open, path, {}); }
  /// The bytes of a finished file, read only; they are copied. `path` is for messages.
  static Hdf5File open_image(const std::filesystem::path& path, std::span<const std::byte> bytes) {
    return Hdf5File(Mode::open_image, path, bytes);
  }

  Hdf5File(const Hdf5File&) = delete;
  Hdf5File& operator=(const Hdf5File&) = delete;
  ~Hdf5File();

  /// The bytes of the file as they would stand on disk.
  std::vector<std::byte> image() const;
  /// Publishes the file at its path: there whole or not at all (atomic_file.hpp), and durable.
  void save() const;

  const std::filesystem::path& path() const noexcept { return path_; }

  // What is there.
  bool exists(const std::string& object) const;
  bool has_attribute(const std::string& object, const std::string& name) const;
  std::vector<std::string> names(const std::string& group = "/") const;
  std::vector<std::string> attribute_names(const std::string& object) const;
  Shape shape(const std::string& dataset) const;
  Kind kind(const std::string& dataset) const;

  // Groups and datasets. T is double, std::int64_t, std::uint64_t or std::int8_t; values are row-major.
  // Texts are of variable length in datasets (netCDF 4.9.0 crashes on arrays of fixed-length ones), UTF-8.
  void create_group(const std::string& group);
  template <class T>
  void write(const std::string& dataset, std::span<const T> values, const Shape& shape,
             bool compress = false);
  void write(const std::string& dataset, std::span<const std::string> values, const Shape& shape);
  /// All values, converted to T by HDF5.
  template <class T>
  std::vector<T> read(const std::string& dataset) const;
  std::vector<std::string> read_strings(const std::string& dataset) const;

  // Attributes of groups and datasets; strings are fixed-length UTF-8.
  void set_attribute(const std::string& object, const std::string& name, const std::string& value);
  void set_attribute(const std::string& object, const std::string& name, const char* value) {
    set_attribute(object, name, std::string(value));
  }
  void set_attribute(const std::string& object, const std::string& name, double value);
  void set_attribute(const std::string& object, const std::string& name, std::int64_t value);
  void set_attribute(const std::string& object, const std::string& name, std::uint64_t value);
  void set_attribute(const std::string& object, const std::string& name, std::span<const std::int8_t> values);
  std::string string_attribute(const std::string& object, const std::string& name) const;
  template <class T>
  T attribute(const std::string& object, const std::string& name) const;

  // Dimension scales: the coordinates xarray and netCDF find by name.
  void make_scale(const std::string& dataset, const std::string& name);
  void attach_scale(const std::string& dataset, std::size_t dimension, const std::string& scale);

 private:
  enum class Mode { create, open, open_image };
  Hdf5File(Mode mode, const std::filesystem::path& path, std::span<const std::byte> bytes);

  std::unique_lock<std::recursive_mutex> lock_;
  std::filesystem::path path_;
  std::int64_t id_ = -1;
};

/// Version of the HDF5 library in use, "1.10.8".
std::string hdf5_version();

/// A table of numbers, row-major.
struct Matrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> values;
};

/// A two-dimensional dataset of any integer or floating type in a user's file, as in FILE.h5:/path.
///
/// Errors   InputError when the file is missing or not HDF5, the dataset is missing (what is there is
///          listed), not two-dimensional, or not numbers.
Matrix read_matrix(const std::filesystem::path& file, const std::string& dataset);

}  // namespace mattis::store
