#include "ledger/crypto/x509_names.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <string>

#include "ledger/base/bytes.h"

namespace sanquan {
namespace {

constexpr std::size_t kHostNameBytesMax = 253;
constexpr std::size_t kLabelBytesMax = 63;

using NamesPtr = std::unique_ptr<GENERAL_NAMES, OpensslDeleter<GENERAL_NAMES_free>>;
using ConstraintsPtr = std::unique_ptr<NAME_CONSTRAINTS, OpensslDeleter<NAME_CONSTRAINTS_free>>;
using AddressPtr = std::unique_ptr<ASN1_OCTET_STRING, OpensslDeleter<ASN1_OCTET_STRING_free>>;

tl::unexpected<Error> refuse(std::string reason) {
    return fail(Code::kX509Invalid, std::move(reason));
}

std::string_view text_of(const ASN1_STRING* string) {
    return as_view(ASN1_STRING_get0_data(string),
                   static_cast<std::size_t>(ASN1_STRING_length(string)));
}

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= kLabelBytesMax && label.front() != '-' &&
           label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
               return is_letter_or_digit(c) || c == '-';
           });
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_host(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

bool is_mailbox(std::string_view address) {
    const std::size_t at = address.find('@');
    return at != std::string_view::npos && at != 0 && address.rfind('@') == at &&
           is_host_name(address.substr(at + 1));
}

bool has_form_of_its_kind(const GENERAL_NAME* name) {
    switch (name->type) {
        case GEN_DNS:
            return is_host_name(text_of(name->d.dNSName));
        case GEN_EMAIL:
            return is_mailbox(text_of(name->d.rfc822Name));
        case GEN_IPADD: {
            const int size = ASN1_STRING_length(name->d.iPAddress);
            return size == 4 || size == 16;
        }
        default:
            return true;
    }
}

// Address and mask, the mask a prefix (RFC 4632).
bool is_address_range(std::string_view octets) {
    if (octets.size() != 8 && octets.size() != 32) {
        return false;
    }
    bool ended = false;
    for (const char octet : octets.substr(octets.size() / 2)) {
        for (unsigned bit = 8; bit-- != 0;) {
            const bool set = (static_cast<std::uint8_t>(octet) >> bit & 1U) != 0;
            if (set && ended) {
                return false;
            }
            ended = ended || !set;
        }
    }
    return true;
}

bool is_mail_constraint(std::string_view constraint) {
    if (constraint.find('@') != std::string_view::npos) {
        return is_mailbox(constraint);
    }
    return is_host_name(constraint.substr(constraint.starts_with('.') ? 1 : 0));
}

bool is_constraint(const GENERAL_NAME* base) {
    switch (base->type) {
        case GEN_DNS: {
            const std::string_view constraint = text_of(base->d.dNSName);
            return constraint.empty() || is_host_name(constraint);
        }
        case GEN_EMAIL:
            return is_mail_constraint(text_of(base->d.rfc822Name));
        case GEN_IPADD:
            return is_address_range(text_of(base->d.iPAddress));
        default:
            return true;
    }
}

Status check_subtrees(const STACK_OF(GENERAL_SUBTREE) * subtrees) {
    for (int i = 0; i < sk_GENERAL_SUBTREE_num(subtrees); ++i) {
        const GENERAL_SUBTREE* subtree = sk_GENERAL_SUBTREE_value(subtrees, i);
        const bool has_minimum =
            subtree->minimum != nullptr && ASN1_INTEGER_get(subtree->minimum) != 0;
        if (has_minimum || subtree->maximum != nullptr || !is_constraint(subtree->base)) {
            return refuse("malformed name constraint");
        }
    }
    return {};
}

}  // namespace

bool is_host_name(std::string_view name) {
    if (name.empty() || name.size() > kHostNameBytesMax) {
        return false;
    }
    for (;;) {
        const std::size_t dot = name.find('.');
        if (!is_label(name.substr(0, dot))) {
            return false;
        }
        if (dot == std::string_view::npos) {
            return true;
        }
        name.remove_prefix(dot + 1);
    }
}

Status check_alternative_names(X509* certificate) {
    int critical = 0;
    const NamesPtr names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, &critical, nullptr)));
    const bool subject_is_empty = X509_NAME_entry_count(X509_get_subject_name(certificate)) == 0;
    if (!names) {
        return subject_is_empty ? Status(refuse("neither subject nor alternative name")) : Status();
    }
    if ((critical == 1) != subject_is_empty) {
        return refuse("alternative names are critical exactly when the subject is empty");
    }
    if (sk_GENERAL_NAME_num(names.get()) == 0) {
        return refuse("empty list of alternative names");
    }
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        if (!has_form_of_its_kind(sk_GENERAL_NAME_value(names.get(), i))) {
            return refuse("malformed alternative name (host names are exact, without wildcards)");
        }
    }
    return {};
}

Status check_name_constraints_form(X509* certificate) {
    const ConstraintsPtr constraints(static_cast<NAME_CONSTRAINTS*>(
        X509_get_ext_d2i(certificate, NID_name_constraints, nullptr, nullptr)));
    if (!constraints) {
        return {};
    }
    if (sk_GENERAL_SUBTREE_num(constraints->permittedSubtrees) <= 0 &&
        sk_GENERAL_SUBTREE_num(constraints->excludedSubtrees) <= 0) {
        return refuse("name constraints that hold nothing");
    }
    SANQUAN_TRY(check_subtrees(constraints->permittedSubtrees));
    return check_subtrees(constraints->excludedSubtrees);
}

Status check_x509_name(X509* certificate, std::string_view name) {
    const NamesPtr names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    const AddressPtr address(a2i_IPADDRESS(std::string(name).c_str()));
    bool found = false;
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* candidate = sk_GENERAL_NAME_value(names.get(), i);
        if (address) {
            found = found || (candidate->type == GEN_IPADD &&
                              ASN1_OCTET_STRING_cmp(candidate->d.iPAddress, address.get()) == 0);
        } else {
            found = found || (candidate->type == GEN_DNS && !name.empty() &&
                              same_host(text_of(candidate->d.dNSName), name));
        }
    }
    return found ? Status() : Status(refuse("the peer's name is none of the alternative names"));
}

}  // namespace sanquan
