// Goal: SM3 is SM3. Method: the stanzas of the OpenSSL family's evp_test file.
#include <algorithm>
#include <cctype>
#include <sstream>

#include "tests/support/catch.h"
#include "tests/vectors/vector_support.h"

namespace sanquan::vectors_test {
namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return text;
}

TEST_CASE("evp_test: SM3 digests", "[vectors][sm3]") {
    std::istringstream lines(read_file("sm-evp/evpmd_sm3.txt"));
    std::string line;
    std::string input;
    bool is_sm3 = false;
    std::size_t count = 0;
    while (std::getline(lines, line)) {
        if (line.starts_with("Digest = ")) {
            is_sm3 = line == "Digest = SM3";
        } else if (line.starts_with("OneShotDigest = ")) {
            is_sm3 = false;  // the file ends with other digests
        } else if (line.starts_with("Input = ")) {
            input = lower(line.substr(8));
        } else if (line.starts_with("Output = ") && is_sm3) {
            CAPTURE(input);
            CHECK(text_of(ask({{"op", "hash"}, {"alg", "sm3"}, {"msg", input}}), "out") ==
                  lower(line.substr(9)));
            ++count;
        }
    }
    CHECK(count >= 3);
}

}  // namespace
}  // namespace sanquan::vectors_test
