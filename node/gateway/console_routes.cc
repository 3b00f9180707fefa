// Files of the web console under /console/, read once at start: no path from a request ever reaches
// the file system.
#include <array>
#include <fstream>
#include <sstream>

#include "node/gateway/routes.h"

namespace sanquan::node {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFilesMax = 200;
constexpr std::uintmax_t kFileBytesMax = 4U << 20U;
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kTypes = {
    {{".html", "text/html; charset=utf-8"},
     {".js", "text/javascript; charset=utf-8"},
     {".css", "text/css; charset=utf-8"},
     {".json", "application/json"},
     {".svg", "image/svg+xml"},
     {".png", "image/png"},
     {".ico", "image/x-icon"},
     {".woff2", "font/woff2"}}};

std::string_view content_type(const fs::path& file) {
    for (const auto& [extension, type] : kTypes) {
        if (file.extension() == extension) {
            return type;
        }
    }
    return {};
}

Answer file_answer(const std::string& content, std::string_view type) {
    Answer answer;
    answer.content_type = std::string(type);
    answer.body = content;
    answer.headers = {{"Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'"},
                      {"Referrer-Policy", "no-referrer"}};
    return answer;
}

Result<std::string> read_file(const fs::path& file) {
    std::error_code error;
    if (fs::file_size(file, error) > kFileBytesMax || error) {
        return fail(Code::kBadConfig, "console file " + file.string() + " exceeds 4 MiB");
    }
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream content;
    content << stream.rdbuf();
    if (!stream) {
        return fail(Code::kIo, "cannot read " + file.string());
    }
    return content.str();
}

}  // namespace

Status add_console_routes(Router& router, const fs::path& console_dir) {
    if (console_dir.empty()) {
        return {};
    }
    std::error_code error;
    std::size_t count = 0;
    for (fs::recursive_directory_iterator entry(console_dir, error), end; !error && entry != end;
         entry.increment(error)) {
        const auto type = content_type(entry->path());
        if (!entry->is_regular_file() || type.empty()) {
            continue;
        }
        if (++count > kFilesMax) {
            return fail(Code::kBadConfig, "client.console_dir holds more than 200 files");
        }
        SANQUAN_TRY_ASSIGN(auto content, read_file(entry->path()));
        const std::string path =
            "/console/" + entry->path().lexically_relative(console_dir).generic_string();
        const auto serve = [content, type](const Call&) { return file_answer(content, type); };
        router.add("GET", path, {}, serve);
        if (path == "/console/index.html") {
            router.add("GET", "/console/", {}, serve);
            router.add("GET", "/", {}, serve);
        }
    }
    if (error) {
        return fail(Code::kIo, "client.console_dir: " + error.message());
    }
    return {};
}

}  // namespace sanquan::node
