#include "ledger/crypto/x509_rules.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "ledger/crypto/x509_names.h"

namespace sanquan {
namespace {

constexpr int kSerialOctetsMax = 20;  // RFC 5280, 4.1.2.2
constexpr int kRsaBitsMin = 2'048;
constexpr int kRsaBitsMax = 8'192;  // BOUND: verification time grows with the square

tl::unexpected<Error> refuse(std::string reason) {
    return fail(Code::kX509Invalid, std::move(reason));
}

enum class Role : std::uint8_t { kPeer, kIntermediate, kRoot };

bool has_extension(const X509* certificate, int nid) {
    return X509_get_ext_by_NID(certificate, nid, -1) >= 0;
}

bool is_critical(const X509* certificate, int nid) {
    const int at = X509_get_ext_by_NID(certificate, nid, -1);
    return at >= 0 && X509_EXTENSION_get_critical(X509_get_ext(certificate, at)) == 1;
}

Status check_serial(const X509* certificate) {
    const ASN1_INTEGER* serial = X509_get0_serialNumber(certificate);
    const BignumPtr number(ASN1_INTEGER_to_BN(serial, nullptr));
    if (!number || BN_is_negative(number.get()) == 1 || BN_is_zero(number.get()) == 1) {
        return refuse("the serial number is not positive");
    }
    // A number of 20 octets whose top bit is set takes a 21st in DER.
    if (BN_num_bits(number.get()) > kSerialOctetsMax * 8 - 1) {
        return refuse("the serial number has more than 20 octets");
    }
    return {};
}

Status check_signature_algorithm(const X509* certificate) {
    const X509_ALGOR* outer = nullptr;
    X509_get0_signature(nullptr, &outer, certificate);
    if (X509_ALGOR_cmp(outer, X509_get0_tbs_sigalg(certificate)) != 0) {
        return refuse("the two signature algorithm fields differ");
    }
    int digest = NID_undef;
    int key = NID_undef;
    int security_bits = 0;
    std::uint32_t flags = 0;
    if (X509_get_signature_info(const_cast<X509*>(certificate), &digest, &key, &security_bits,
                                &flags) != 1) {
        return refuse("unknown signature algorithm");
    }
    const bool digest_is_fine =
        digest == NID_sha256 || digest == NID_sha384 || digest == NID_sha512;
    const bool key_is_fine =
        key == NID_rsaEncryption || key == NID_rsassaPss || key == NID_X9_62_id_ecPublicKey;
    if (key != NID_ED25519 && !(digest_is_fine && key_is_fine)) {
        return refuse("signed with an algorithm outside the profile (SHA-1, MD5, DSA or the like)");
    }
    return {};
}

Status check_rsa_key(const EVP_PKEY* key) {
    const int bits = EVP_PKEY_get_bits(key);
    if (bits < kRsaBitsMin || bits > kRsaBitsMax || bits % 8 != 0) {
        return refuse("RSA key of " + std::to_string(bits) + " bits");
    }
    BIGNUM* exponent = nullptr;
    if (EVP_PKEY_get_bn_param(key, "e", &exponent) != 1) {
        return refuse("RSA key without exponent");
    }
    const BignumPtr owned(exponent);
    if (BN_is_odd(exponent) != 1 || BN_num_bits(exponent) < 17) {
        return refuse("RSA exponent below 65537");
    }
    return {};
}

// Explicit curve parameters are refused: they have been used to forge keys (CVE-2020-0601).
bool names_its_curve(const X509* certificate) {
    X509_ALGOR* algorithm = nullptr;
    X509_PUBKEY_get0_param(nullptr, nullptr, nullptr, &algorithm,
                           X509_get_X509_PUBKEY(certificate));
    int parameter_type = V_ASN1_UNDEF;
    X509_ALGOR_get0(nullptr, &parameter_type, nullptr, algorithm);
    return parameter_type == V_ASN1_OBJECT;
}

Status check_public_key(const X509* certificate) {
    const EVP_PKEY* key = X509_get0_pubkey(certificate);
    if (key == nullptr) {
        return refuse("the public key cannot be read");
    }
    switch (EVP_PKEY_get_base_id(key)) {
        case EVP_PKEY_ED25519:
            return {};
        case EVP_PKEY_RSA:
        case EVP_PKEY_RSA_PSS:
            return check_rsa_key(key);
        case EVP_PKEY_EC: {
            std::array<char, 32> group{};
            EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr);
            const std::string_view name(group.data());
            if (names_its_curve(certificate) && (name == "prime256v1" || name == "secp384r1")) {
                return {};
            }
            return refuse("elliptic curve other than P-256 and P-384");
        }
        default:
            return refuse("key type outside the profile");
    }
}

Status check_extension(const X509* certificate, int at, std::set<std::string>& seen) {
    X509_EXTENSION* extension = X509_get_ext(certificate, at);
    std::array<char, 80> oid{};
    OBJ_obj2txt(oid.data(), oid.size(), X509_EXTENSION_get_object(extension), 1);
    if (!seen.insert(oid.data()).second) {
        return refuse(std::string("extension ") + oid.data() + " appears twice");
    }
    if (const X509V3_EXT_METHOD* method = X509V3_EXT_get(extension); method != nullptr) {
        void* parsed = X509V3_EXT_d2i(extension);
        if (parsed == nullptr) {
            return refuse(std::string("extension ") + oid.data() + " is malformed");
        }
        if (method->it != nullptr) {
            ASN1_item_free(static_cast<ASN1_VALUE*>(parsed), ASN1_ITEM_ptr(method->it));
        } else {
            method->ext_free(parsed);
        }
    }
    return {};
}

Status check_extensions(const X509* certificate) {
    std::set<std::string> seen;
    for (int at = 0; at < X509_get_ext_count(certificate); ++at) {
        SANQUAN_TRY(check_extension(certificate, at, seen));
    }
    for (const int nid : {NID_authority_key_identifier, NID_subject_key_identifier,
                          NID_ext_key_usage, NID_info_access}) {
        if (is_critical(certificate, nid)) {
            return refuse(std::string(OBJ_nid2ln(nid)) + " must not be critical");
        }
    }
    for (const int nid : {NID_name_constraints, NID_policy_constraints, NID_inhibit_any_policy}) {
        if (has_extension(certificate, nid) && !is_critical(certificate, nid)) {
            return refuse(std::string(OBJ_nid2ln(nid)) + " must be critical");
        }
    }
    return {};
}

// RFC 5280, 4.2.1.1, and for roots the stricter form: a root's authority is itself.
Status check_key_identifiers(X509* certificate, Role role) {
    const AUTHORITY_KEYID* authority = nullptr;
    using AuthorityPtr = std::unique_ptr<AUTHORITY_KEYID, OpensslDeleter<AUTHORITY_KEYID_free>>;
    const AuthorityPtr parsed(static_cast<AUTHORITY_KEYID*>(
        X509_get_ext_d2i(certificate, NID_authority_key_identifier, nullptr, nullptr)));
    authority = parsed.get();
    if (role != Role::kRoot) {
        return authority != nullptr && authority->keyid != nullptr
                   ? Status()
                   : Status(refuse("no authority key identifier"));
    }
    if (X509_get0_subject_key_id(certificate) == nullptr) {
        return refuse("the root has no subject key identifier");
    }
    if (authority == nullptr) {
        return {};
    }
    if (authority->issuer != nullptr || authority->serial != nullptr ||
        authority->keyid == nullptr ||
        ASN1_OCTET_STRING_cmp(authority->keyid, X509_get0_subject_key_id(certificate)) != 0) {
        return refuse("the root's authority key identifier is not its own key identifier");
    }
    return {};
}

bool holds_usage(const EXTENDED_KEY_USAGE* usages, int nid) {
    for (int i = 0; i < sk_ASN1_OBJECT_num(usages); ++i) {
        if (OBJ_obj2nid(sk_ASN1_OBJECT_value(usages, i)) == nid) {
            return true;
        }
    }
    return false;
}

bool serves(const EXTENDED_KEY_USAGE* usages, X509Purpose purpose) {
    const bool server = holds_usage(usages, NID_server_auth);
    const bool client = holds_usage(usages, NID_client_auth);
    switch (purpose) {
        case X509Purpose::kServer:
            return server;
        case X509Purpose::kClient:
            return client;
        case X509Purpose::kEitherSide:
            return server || client;
    }
    return false;
}

Status check_extended_key_usage(X509* certificate, Role role, X509Purpose purpose) {
    if (!has_extension(certificate, NID_ext_key_usage)) {
        return {};
    }
    if (role == Role::kRoot) {
        return refuse("a root has no extended key usage");
    }
    using UsagePtr = std::unique_ptr<EXTENDED_KEY_USAGE, OpensslDeleter<EXTENDED_KEY_USAGE_free>>;
    const UsagePtr usages(static_cast<EXTENDED_KEY_USAGE*>(
        X509_get_ext_d2i(certificate, NID_ext_key_usage, nullptr, nullptr)));
    const bool any = usages && holds_usage(usages.get(), NID_anyExtendedKeyUsage);
    if (role == Role::kPeer && any) {
        return refuse("anyExtendedKeyUsage says nothing");
    }
    if (!usages || !(serves(usages.get(), purpose) || any)) {
        return refuse("the extended key usage does not cover the purpose");
    }
    return {};
}

Status check_issuer_rights(X509* certificate) {
    const std::uint32_t flags = X509_get_extension_flags(certificate);
    if ((flags & EXFLAG_CA) == 0 || (flags & EXFLAG_BCONS) == 0 ||
        !is_critical(certificate, NID_basic_constraints)) {
        return refuse("an issuer has critical basicConstraints with cA");
    }
    if ((flags & EXFLAG_KUSAGE) == 0 || (X509_get_key_usage(certificate) & KU_KEY_CERT_SIGN) == 0) {
        return refuse("an issuer has key usage keyCertSign");
    }
    return {};
}

Status check_peer(X509* certificate) {
    const std::uint32_t flags = X509_get_extension_flags(certificate);
    if ((flags & EXFLAG_CA) != 0) {
        return refuse("an issuer's certificate in the place of the peer's");
    }
    const std::uint32_t usage = X509_get_key_usage(certificate);
    if ((flags & EXFLAG_KUSAGE) != 0 &&
        ((usage & KU_KEY_CERT_SIGN) != 0 || (usage & KU_DIGITAL_SIGNATURE) == 0)) {
        return refuse("the peer's key usage is digitalSignature and not keyCertSign");
    }
    if (has_extension(certificate, NID_name_constraints)) {
        return refuse("name constraints belong to issuers");
    }
    return {};
}

Status check_certificate(X509* certificate, Role role, X509Purpose purpose) {
    if (X509_get_version(certificate) != X509_VERSION_3) {
        return refuse("not a version 3 certificate");
    }
    SANQUAN_TRY(check_extensions(certificate));
    if ((X509_get_extension_flags(certificate) & EXFLAG_INVALID) != 0) {
        return refuse("an extension is malformed");
    }
    SANQUAN_TRY(check_serial(certificate));
    SANQUAN_TRY(check_signature_algorithm(certificate));
    SANQUAN_TRY(check_public_key(certificate));
    SANQUAN_TRY(check_key_identifiers(certificate, role));
    SANQUAN_TRY(check_extended_key_usage(certificate, role, purpose));
    SANQUAN_TRY(check_alternative_names(certificate));
    if (role == Role::kPeer) {
        return check_peer(certificate);
    }
    SANQUAN_TRY(check_issuer_rights(certificate));
    return check_name_constraints_form(certificate);
}

}  // namespace

Status check_x509_rules(std::span<X509* const> path, X509Purpose purpose) {
    for (std::size_t i = 0; i < path.size(); ++i) {
        const Role role = i + 1 == path.size() ? Role::kRoot
                          : i == 0             ? Role::kPeer
                                               : Role::kIntermediate;
        if (auto status = check_certificate(path[i], role, purpose); !status) {
            return refuse("certificate " + std::to_string(i) + ": " + status.error().context);
        }
    }
    return {};
}

}  // namespace sanquan
