// The body of an HTTP request as it arrives. Unlike Beast's string_body it takes no room for what a Content-Length only
// announces: a thousand heads that announce the largest body would take gigabytes. Used by session.cc.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional.hpp>
#include <cstdint>
#include <string>

namespace sanquan::node {

// Meets Beast's Body, for reading. The parser's body_limit bounds it.
struct GrowingBody {
    using value_type = std::string;

    class reader {
      public:
        template <bool isRequest, class Fields>
        reader(boost::beast::http::header<isRequest, Fields>&, value_type& body) : body_(body) {}

        void init(const boost::optional<std::uint64_t>&, boost::system::error_code& error) {
            error = {};
        }
        template <class Buffers>
        std::size_t put(const Buffers& buffers, boost::system::error_code& error) {
            error = {};
            std::size_t size = 0;
            for (const auto piece : boost::beast::buffers_range_ref(buffers)) {
                body_.append(static_cast<const char*>(piece.data()), piece.size());
                size += piece.size();
            }
            return size;
        }
        void finish(boost::system::error_code& error) { error = {}; }

      private:
        value_type& body_;
    };
};

}  // namespace sanquan::node
