#include "engine/store/hdf5_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <hdf5.h>
#include <hdf5_hl.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <type_traits>
#include <utility>

#include "engine/error.hpp"
#include "engine/store/atomic_file.hpp"
#include "engine/store/file_descriptor.hpp"

namespace mattis::store {

static_assert(std::is_same_v<hid_t, std::int64_t>);

namespace {

std::recursive_mutex& library_lock() {
  static std::recursive_mutex mutex;
  return mutex;
}

/// HDF5's innermost reason for its last failure.
std::string last_reason() {
  std::string text;
  const auto innermost_first = [](unsigned, const H5E_error2_t* error, void* out) -> herr_t {
    auto& reason = *static_cast<std::string*>(out);
    if (reason.empty() && error->desc != nullptr) reason = error->desc;
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, innermost_first, &text);
  H5Eclear2(H5E_DEFAULT);
  return text.empty() ? "HDF5 gives no reason" : text;
}

/// Passes on what an HDF5 call returned, negative (failure) as an EnvironmentError.
template <class Result>
Result checked(Result result, const Hdf5File& file, const std::string& operation) {
  if (result < 0) throw EnvironmentError(file.path().string(), operation, last_reason());
  return result;
}

/// An HDF5 object; end() closes it and reports, the destructor only closes.
class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t), const Hdf5File& file, const std::string& operation)
      : id_(checked(id, file, operation)), close_(close), file_(file), operation_(operation) {}
  Handle(Handle&& other) noexcept
      : id_(std::exchange(other.id_, -1)),
        close_(other.close_),
        file_(other.file_),
        operation_(std::move(other.operation_)) {}
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  operator hid_t() const noexcept { return id_; }
  void end() {
    const hid_t id = id_;
    id_ = -1;
    checked(close_(id), file_, operation_);
  }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
  const Hdf5File& file_;
  std::string operation_;
};

template <class T>
struct TypeOf;
template <>
struct TypeOf<double> {
  static hid_t in_memory() { return H5T_NATIVE_DOUBLE; }
  static hid_t on_disk() { return H5T_IEEE_F64LE; }
};
template <>
struct TypeOf<std::int64_t> {
  static hid_t in_memory() { return H5T_NATIVE_INT64; }
  static hid_t on_disk() { return H5T_STD_I64LE; }
};
template <>
struct TypeOf<std::uint64_t> {
  static hid_t in_memory() { return H5T_NATIVE_UINT64; }
  static hid_t on_disk() { return H5T_STD_U64LE; }
};
template <>
struct TypeOf<std::int8_t> {
  static hid_t in_memory() { return H5T_NATIVE_INT8; }
  static hid_t on_disk() { return H5T_STD_I8LE; }
};

std::size_t count(const Shape& shape) {
  std::size_t product = 1;
  for (const std::size_t length : shape) product *= length;
  return product;
}

Handle space_of(const Shape& shape, const Hdf5File& file, const std::string& operation) {
  const std::vector<hsize_t> lengths(shape.begin(), shape.end());
  return {shape.empty() ? H5Screate(H5S_SCALAR)
                        : H5Screate_simple(static_cast<int>(shape.size()), lengths.data(), nullptr),
          H5Sclose, file, operation};
}

/// Strings of exactly `length` bytes padded with zeros, or of any length (H5T_VARIABLE); UTF-8.
Handle text_type(std::size_t length, const Hdf5File& file, const std::string& operation) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose, file, operation);
  checked(H5Tset_size(type, std::max<std::size_t>(length, 1)), file, operation);
  checked(H5Tset_cset(type, H5T_CSET_UTF8), file, operation);
  if (length != H5T_VARIABLE) checked(H5Tset_strpad(type, H5T_STR_NULLPAD), file, operation);
  return type;
}

/// Creation properties: no time stamps (equal contents are equal bytes), NaN where nothing is written, and on
/// request compression in chunks of at most 2^17 values.
void set_creation(hid_t properties, hid_t type, const Shape& shape, bool compress, const Hdf5File& file,
                  const std::string& operation) {
  checked(H5Pset_obj_track_times(properties, false), file, operation);
  if (H5Tget_class(type) == H5T_FLOAT) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    checked(H5Pset_fill_value(properties, H5T_NATIVE_DOUBLE, &nan), file, operation);
  }
  if (!compress || shape.empty() || count(shape) == 0) return;
  std::vector<hsize_t> chunk(shape.begin(), shape.end());
  std::size_t size = count(shape);
  for (auto& length : chunk) {
    if (size <= (1U << 17)) break;
    const std::size_t rest = size / length;
    length = std::max<std::size_t>((1U << 17) / rest, 1);
    size = rest * length;
  }
  checked(H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data()), file, operation);
  checked(H5Pset_shuffle(properties), file, operation);
  checked(H5Pset_deflate(properties, 4), file, operation);
}

void write_dataset(const Hdf5File& file, hid_t id, const std::string& dataset, const Shape& shape,
                   const void* values, hid_t in_memory, hid_t on_disk, bool compress) {
  const std::string operation = "write " + dataset;
  Handle space = space_of(shape, file, operation);
  Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, file, operation);
  set_creation(properties, on_disk, shape, compress, file, operation);
  Handle data(H5Dcreate2(id, dataset.c_str(), on_disk, space, H5P_DEFAULT, properties, H5P_DEFAULT), H5Dclose,
              file, operation);
  checked(H5Dwrite(data, in_memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), file, operation);
  checked(H5Fflush(data, H5F_SCOPE_GLOBAL), file, operation);  // a failed write shows here, not in H5Fclose
  data.end();
}

void write_attribute(const Hdf5File& file, hid_t id, const std::string& object, const std::string& name,
                     const Shape& shape, const void* values, hid_t in_memory, hid_t on_disk) {
  const std::string operation = fmt::format("write attribute {} of {}", name, object);
  Handle owner(H5Oopen(id, object.c_str(), H5P_DEFAULT), H5Oclose, file, operation);
  Handle space = space_of(shape, file, operation);
  Handle attribute(H5Acreate2(owner, name.c_str(), on_disk, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, file,
                   operation);
  checked(H5Awrite(attribute, in_memory, values), file, operation);
  attribute.end();
}

Handle open_dataset(const Hdf5File& file, hid_t id, const std::string& dataset,
                    const std::string& operation) {
  return {H5Dopen2(id, dataset.c_str(), H5P_DEFAULT), H5Dclose, file, operation};
}

Handle open_attribute(const Hdf5File& file, hid_t id, const std::string& object, const std::string& name) {
  return {H5Aopen_by_name(id, object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose, file,
          fmt::format("read attribute {} of {}", name, object)};
}

Shape shape_of(hid_t space, const Hdf5File& file, const std::string& operation) {
  const int rank = checked(H5Sget_simple_extent_ndims(space), file, operation);
  std::vector<hsize_t> lengths(static_cast<std::size_t>(rank));
  checked(H5Sget_simple_extent_dims(space, lengths.data(), nullptr), file, operation);
  return {lengths.begin(), lengths.end()};
}

}  // namespace

Hdf5File::Hdf5File(Mode mode, const std::filesystem::path& path, std::span<const std::byte> bytes)
    : lock_(library_lock()), path_(path) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // per thread: errors are reported, never printed
  const std::string operation = mode == Mode::create ? "create" : "open";
  Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, *this, operation);
  checked(H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V110), *this, operation);
  if (mode == Mode::open) {
    checked(H5Pset_file_locking(access, false, true), *this, operation);
    id_ = checked(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access), *this, operation);
    return;
  }
  static std::uint64_t images = 0;  // under the library's lock; HDF5 takes equal names for one file
  const std::string name = fmt::format("image-{}", images++);
  checked(H5Pset_fapl_core(access, std::size_t{1} << 16, false), *this, operation);
  if (mode == Mode::create) {
    id_ = checked(H5Fcreate(name.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access), *this, operation);
  } else {
    // HDF5 copies the bytes and only reads them.
    checked(H5Pset_file_image(access, const_cast<std::byte*>(bytes.data()), bytes.size()), *this, operation);
    id_ = checked(H5Fopen(name.c_str(), H5F_ACC_RDONLY, access), *this, operation);
  }
}

Hdf5File::~Hdf5File() {
  if (id_ >= 0) H5Fclose(id_);  // memory or a file read: nothing can be lost here
}

std::vector<std::byte> Hdf5File::image() const {
  checked(H5Fflush(id_, H5F_SCOPE_GLOBAL), *this, "flush");
  const ssize_t size = checked(H5Fget_file_image(id_, nullptr, 0), *this, "image");
  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  checked(H5Fget_file_image(id_, bytes.data(), bytes.size()), *this, "image");
  return bytes;
}

void Hdf5File::save() const { publish_file(path_, image(), Outlives::power); }

bool Hdf5File::exists(const std::string& object) const {
  // HDF5 wants every group on the way to be asked for first.
  for (std::size_t slash = object.find('/', 1); slash != std::string::npos;
       slash = object.find('/', slash + 1)) {
    if (H5Lexists(id_, object.substr(0, slash).c_str(), H5P_DEFAULT) <= 0) return false;
  }
  return H5Oexists_by_name(id_, object.c_str(), H5P_DEFAULT) > 0;
}

bool Hdf5File::has_attribute(const std::string& object, const std::string& name) const {
  return checked(H5Aexists_by_name(id_, object.c_str(), name.c_str(), H5P_DEFAULT), *this,
                 "look for " + name) > 0;
}

std::vector<std::string> Hdf5File::names(const std::string& group) const {
  const std::string operation = "list " + group;
  H5G_info_t info{};
  checked(H5Gget_info_by_name(id_, group.c_str(), &info, H5P_DEFAULT), *this, operation);
  std::vector<std::string> names;
  for (hsize_t i = 0; i < info.nlinks; ++i) {
    const auto name_at = [&](char* out, std::size_t size) {
      return checked(
          H5Lget_name_by_idx(id_, group.c_str(), H5_INDEX_NAME, H5_ITER_INC, i, out, size, H5P_DEFAULT),
          *this, operation);
    };
    std::string name(static_cast<std::size_t>(name_at(nullptr, 0)), '\0');
    name_at(name.data(), name.size() + 1);
    names.push_back(std::move(name));
  }
  return names;
}

std::vector<std::string> Hdf5File::attribute_names(const std::string& object) const {
  const std::string operation = "list attributes of " + object;
  H5O_info_t info{};
  checked(H5Oget_info_by_name2(id_, object.c_str(), &info, H5O_INFO_NUM_ATTRS, H5P_DEFAULT), *this,
          operation);
  std::vector<std::string> names;
  for (hsize_t i = 0; i < info.num_attrs; ++i) {
    const auto name_at = [&](char* out, std::size_t size) {
      return checked(
          H5Aget_name_by_idx(id_, object.c_str(), H5_INDEX_NAME, H5_ITER_INC, i, out, size, H5P_DEFAULT),
          *this, operation);
    };
    std::string name(static_cast<std::size_t>(name_at(nullptr, 0)), '\0');
    name_at(name.data(), name.size() + 1);
    names.push_back(std::move(name));
  }
  return names;
}

Shape Hdf5File::shape(const std::string& dataset) const {
  const std::string operation = "read " + dataset;
  Handle data = open_dataset(*this, id_, dataset, operation);
  Handle space(H5Dget_space(data), H5Sclose, *this, operation);
  return shape_of(space, *this, operation);
}

Hdf5File::Kind Hdf5File::kind(const std::string& dataset) const {
  const std::string operation = "read " + dataset;
  Handle data = open_dataset(*this, id_, dataset, operation);
  Handle type(H5Dget_type(data), H5Tclose, *this, operation);
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
    case H5T_FLOAT:
      return Kind::number;
    case H5T_STRING:
      return Kind::text;
    default:
      return Kind::other;
  }
}

void Hdf5File::create_group(const std::string& group) {
  const std::string operation = "create group " + group;
  Handle(H5Gcreate2(id_, group.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose, *this, operation)
      .end();
}

template <class T>
void Hdf5File::write(const std::string& dataset, std::span<const T> values, const Shape& shape,
                     bool compress) {
  MATTIS_CHECK(values.size() == count(shape));
  write_dataset(*this, id_, dataset, shape, values.data(), TypeOf<T>::in_memory(), TypeOf<T>::on_disk(),
                compress);
}

void Hdf5File::write(const std::string& dataset, std::span<const std::string> values, const Shape& shape) {
  MATTIS_CHECK(values.size() == count(shape));
  std::vector<const char*> texts;
  for (const auto& value : values) texts.push_back(value.c_str());
  Handle type = text_type(H5T_VARIABLE, *this, "write " + dataset);
  write_dataset(*this, id_, dataset, shape, texts.data(), type, type, false);
}

template <class T>
std::vector<T> Hdf5File::read(const std::string& dataset) const {
  const std::string operation = "read " + dataset;
  Handle data = open_dataset(*this, id_, dataset, operation);
  Handle space(H5Dget_space(data), H5Sclose, *this, operation);
  std::vector<T> values(count(shape_of(space, *this, operation)));
  checked(H5Dread(data, TypeOf<T>::in_memory(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), *this,
          operation);
  return values;
}

std::vector<std::string> Hdf5File::read_strings(const std::string& dataset) const {
  const std::string operation = "read " + dataset;
  Handle data = open_dataset(*this, id_, dataset, operation);
  Handle type(H5Dget_type(data), H5Tclose, *this, operation);
  Handle space(H5Dget_space(data), H5Sclose, *this, operation);
  if (H5Tis_variable_str(type) <= 0) throw EnvironmentError(path_.string(), operation, "not a text");
  std::vector<char*> texts(count(shape_of(space, *this, operation)), nullptr);
  checked(H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()), *this, operation);
  std::vector<std::string> values;
  for (const char* text : texts) values.emplace_back(text == nullptr ? "" : text);
  checked(H5Dvlen_reclaim(type, space, H5P_DEFAULT, texts.data()), *this, operation);
  return values;
}

void Hdf5File::set_attribute(const std::string& object, const std::string& name, const std::string& value) {
  Handle type = text_type(value.size(), *this, "write attribute " + name);
  write_attribute(*this, id_, object, name, {}, value.data(), type, type);
}

void Hdf5File::set_attribute(const std::string& object, const std::string& name, double value) {
  write_attribute(*this, id_, object, name, {}, &value, H5T_NATIVE_DOUBLE, H5T_IEEE_F64LE);
}

void Hdf5File::set_attribute(const std::string& object, const std::string& name, std::int64_t value) {
  write_attribute(*this, id_, object, name, {}, &value, H5T_NATIVE_INT64, H5T_STD_I64LE);
}

void Hdf5File::set_attribute(const std::string& object, const std::string& name, std::uint64_t value) {
  write_attribute(*this, id_, object, name, {}, &value, H5T_NATIVE_UINT64, H5T_STD_U64LE);
}

void Hdf5File::set_attribute(const std::string& object, const std::string& name,
                             std::span<const std::int8_t> values) {
  write_attribute(*this, id_, object, name, {values.size()}, values.data(), H5T_NATIVE_INT8, H5T_STD_I8LE);
}

std::string Hdf5File::string_attribute(const std::string& object, const std::string& name) const {
  const std::string operation = fmt::format("read attribute {} of {}", name, object);
  Handle attribute = open_attribute(*this, id_, object, name);
  Handle type(H5Aget_type(attribute), H5Tclose, *this, operation);
  if (H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) != 0) {
    throw EnvironmentError(path_.string(), operation, "not a fixed-length text");
  }
  std::string text(H5Tget_size(type), '\0');
  checked(H5Aread(attribute, type, text.data()), *this, operation);
  return text.substr(0, text.find('\0'));
}

template <class T>
T Hdf5File::attribute(const std::string& object, const std::string& name) const {
  Handle attribute = open_attribute(*this, id_, object, name);
  T value{};
  checked(H5Aread(attribute, TypeOf<T>::in_memory(), &value), *this,
          fmt::format("read attribute {} of {}", name, object));
  return value;
}

void Hdf5File::make_scale(const std::string& dataset, const std::string& name) {
  const std::string operation = "make scale " + dataset;
  Handle data = open_dataset(*this, id_, dataset, operation);
  checked(H5DSset_scale(data, name.c_str()), *this, operation);
}

void Hdf5File::attach_scale(const std::string& dataset, std::size_t dimension, const std::string& scale) {
  const std::string operation = fmt::format("attach scale {} to {}", scale, dataset);
  const auto index = static_cast<unsigned>(dimension);
  Handle data = open_dataset(*this, id_, dataset, operation);
  Handle coordinate = open_dataset(*this, id_, scale, operation);
  checked(H5DSattach_scale(data, coordinate, index), *this, operation);
  checked(H5DSset_label(data, index, scale.c_str()), *this, operation);
}

template void Hdf5File::write(const std::string&, std::span<const double>, const Shape&, bool);
template void Hdf5File::write(const std::string&, std::span<const std::int64_t>, const Shape&, bool);
template void Hdf5File::write(const std::string&, std::span<const std::uint64_t>, const Shape&, bool);
template void Hdf5File::write(const std::string&, std::span<const std::int8_t>, const Shape&, bool);
template std::vector<double> Hdf5File::read(const std::string&) const;
template std::vector<std::int64_t> Hdf5File::read(const std::string&) const;
template std::vector<std::uint64_t> Hdf5File::read(const std::string&) const;
template std::vector<std::int8_t> Hdf5File::read(const std::string&) const;
template double Hdf5File::attribute(const std::string&, const std::string&) const;
template std::int64_t Hdf5File::attribute(const std::string&, const std::string&) const;
template std::uint64_t Hdf5File::attribute(const std::string&, const std::string&) const;

std::string hdf5_version() {
  const std::lock_guard lock(library_lock());
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

Matrix read_matrix(const std::filesystem::path& file, const std::string& dataset) {
  const std::string where = file.string() + ":" + dataset;
  if (!FileDescriptor(file, O_RDONLY)) throw InputError(std::generic_category().message(errno), where);
  const std::lock_guard lock(library_lock());
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  if (H5Fis_hdf5(file.c_str()) <= 0) throw InputError("not a HDF5 file", where);
  try {
    const Hdf5File source = Hdf5File::open(file);
    if (dataset.empty() || dataset == "/" || !source.exists(dataset)) {
      throw InputError("no such dataset", where,
                       fmt::format("the file holds: {}", fmt::join(source.names(), ", ")));
    }
    const Shape shape = source.shape(dataset);
    if (shape.size() != 2) {
      throw InputError(fmt::format("has {} dimension(s)", shape.size()), where,
                       "two are wanted, rows are patterns");
    }
    if (source.kind(dataset) != Hdf5File::Kind::number) {
      throw InputError("holds no numbers", where, "integers or floating-point numbers are wanted");
    }
    return {shape[0], shape[1], source.read<double>(dataset)};
  } catch (const EnvironmentError& error) {
    throw InputError(std::string("cannot be read: ") + error.what(), where);
  }
}

}  // namespace mattis::store
