// Result<T>: a value or an Error; ignoring one does not compile.
//
// This file alone names tl::expected; C++23's std::expected is spelled the same.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "ledger/base/error.h"

namespace sanquan {

template <typename T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
  public:
    using Base = tl::expected<T, Error>;
    using Base::Base;
    Result(Base base) : Base(std::move(base)) {}  // NOLINT(google-explicit-constructor)
};

using Status = Result<void>;

inline tl::unexpected<Error> fail(Code code, std::string context = {}) {
    return tl::unexpected<Error>(Error{code, std::move(context)});
}

}  // namespace sanquan

#define SANQUAN_CONCAT_INNER(a, b) a##b
#define SANQUAN_CONCAT(a, b) SANQUAN_CONCAT_INNER(a, b)

// Returns the error of `expression` to the caller, if there is one.
#define SANQUAN_TRY(expression)                                       \
    do {                                                              \
        if (auto sanquan_status = (expression); !sanquan_status) {    \
            return tl::unexpected(std::move(sanquan_status).error()); \
        }                                                             \
    } while (false)

// Declares `variable` with the value of `expression`, or returns its error to the caller.
#define SANQUAN_TRY_ASSIGN(variable, expression) \
    SANQUAN_TRY_ASSIGN_INNER(variable, expression, SANQUAN_CONCAT(sanquan_result_, __LINE__))
#define SANQUAN_TRY_ASSIGN_INNER(variable, expression, result) \
    auto result = (expression);                                \
    if (!result) {                                             \
        return tl::unexpected(std::move(result).error());      \
    }                                                          \
    variable = std::move(*result)

// As SANQUAN_TRY_ASSIGN, inside a coroutine that returns a Result.
#define SANQUAN_CO_TRY(variable, expression) \
    SANQUAN_CO_TRY_INNER(variable, expression, SANQUAN_CONCAT(sanquan_result_, __LINE__))
#define SANQUAN_CO_TRY_INNER(variable, expression, result)   \
    auto result = (expression);                              \
    if (!result) {                                           \
        co_return tl::unexpected(std::move(result).error()); \
    }                                                        \
    variable = std::move(*result)
