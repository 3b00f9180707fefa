#include "client/cli/reader.h"

#include <fstream>

namespace sanquan::cli {

Result<client::LedgerClient> open_ledger(Context& context, const std::string& as) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    SANQUAN_TRY_ASSIGN(auto nodes, context.nodes());
    client::LedgerClient ledger(profile->chain, std::move(nodes));
    if (!as.empty()) {
        SANQUAN_TRY_ASSIGN(auto* keys, context.keys());
        SANQUAN_TRY_ASSIGN(const auto signers, keys->keys_of(profile->organisation_id(as)));
        ledger.authenticate_with(signers.front());
    }
    return ledger;
}

Result<Bytes> read_whole_file(const std::filesystem::path& file, std::size_t bytes_max) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return fail(Code::kIo, "cannot read " + file.string());
    }
    Bytes content;
    char piece[16'384];
    while (stream.read(piece, sizeof piece), stream.gcount() > 0) {
        content.append(piece, static_cast<std::size_t>(stream.gcount()));
        if (content.size() > bytes_max) {
            return fail(Code::kTooLong,
                        file.string() + " has more than " + std::to_string(bytes_max) + " bytes");
        }
    }
    return content;
}

Status replace_file(const std::filesystem::path& file, const Bytes& content) {
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    stream.write(content.data(), static_cast<std::streamsize>(content.size()));
    stream.flush();
    if (!stream) {
        return fail(Code::kIo, "cannot write " + file.string());
    }
    return {};
}

}  // namespace sanquan::cli
