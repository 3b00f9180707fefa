#include "ledger/store/env.h"

namespace sanquan {

Result<Bytes> read_whole_file(Env& env, const std::string& path, std::uint64_t bytes_max) {
    SANQUAN_TRY_ASSIGN(const std::uint64_t size, env.file_size(path));
    if (size > bytes_max) {
        return fail(Code::kTooLong, path + " has " + std::to_string(size) + " bytes");
    }
    SANQUAN_TRY_ASSIGN(const auto file, env.open_random(path));
    return file->read(0, static_cast<std::size_t>(size));
}

Status write_file_atomically(Env& env, const std::string& directory, const std::string& name,
                             ByteView bytes) {
    const std::string final_path = directory + "/" + name;
    const std::string path = final_path + ".tmp";
    if (env.exists(path)) {
        SANQUAN_TRY(env.remove_file(path));
    }
    {
        SANQUAN_TRY_ASSIGN(const auto file, env.open_append(path));
        SANQUAN_TRY(file->append(bytes));
        SANQUAN_TRY(file->sync());
    }
    SANQUAN_TRY(env.rename_file(path, final_path));
    return env.sync_directory(directory);
}

}  // namespace sanquan
