#!/usr/bin/env bash
# Writes the first inputs of every fuzz target under tests/fuzz/corpus: well-formed messages, made by protoc from text,
# and near misses. Run again after a change of the messages; inputs that fuzzing found stay as they are.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
corpus=tests/fuzz/corpus

# encode MESSAGE FILE < text format
encode() {
    mkdir -p "$(dirname "$corpus/$2")"
    protoc --proto_path=. --encode="sanquan.wire.$1" ledger/codec/transaction.proto ledger/codec/block.proto \
        ledger/codec/peer.proto ledger/codec/genesis.proto >"$corpus/$2"
}

# raw FILE < bytes as printf escapes in the arguments
raw() {
    mkdir -p "$(dirname "$corpus/$1")"
    printf '%b' "$2" >"$corpus/$1"
}

# bytes of text format: \000 thirty-two times, and sixteen times
zero32=$(printf '\\000%.0s' {1..32})
ones16=$(printf '\\001%.0s' {1..16})

body="chain_id: \"$zero32\" sender: \"X-SEED\" nonce: \"$ones16\" valid_until_ms: 1700000000000 mode: INDEPENDENT"
issue='operations { issue_money { } }'
trade='operations { trade_ownership { } }'
encode TransactionBody transaction/body_one <<<"$body $issue"
encode TransactionBody transaction/body_two <<<"$body $issue $trade"
escaped=$(python3 -c 'import sys; print("".join("\\%03o" % b for b in open(sys.argv[1], "rb").read()))' \
    $corpus/transaction/body_two)
encode SignedTransaction transaction/signed <<<"body: \"$escaped\" signatures { key_id: \"$ones16\" signature: \"x\" }"
raw transaction/default_on_wire '\x12\x00'
raw transaction/lying_length '\x0a\xff\xff\xff\x7f'
raw transaction/long_varint '\x28\x81\x80\x00'

header="chain_id: \"$zero32\" epoch: 1 height: 2 view: 3 time_ms: 4 parent: \"$zero32\" transactions_root: \"$zero32\"
    validator_set: \"$zero32\" next_validator_set: \"$zero32\" history_size: 2 history_root: \"$zero32\"
    state_root: \"$zero32\" receipts_root: \"$zero32\" proposer: 1"
encode BlockHeader block/header <<<"$header"
escaped=$(python3 -c 'import sys; print("".join("\\%03o" % b for b in open(sys.argv[1], "rb").read()))' $corpus/block/header)
encode Block block/empty <<<"header: \"$escaped\""
encode Block block/one <<<"header: \"$escaped\" transactions: \"t\""
validator="validators { organisation: \"X-A\" name: \"a\" vote_key { algorithm: ED25519 key: \"$zero32\" } tls_key: \"$zero32\" }"
encode ValidatorSet block/set_one <<<"epoch: 1 $validator"
encode ValidatorSet block/set_twice <<<"epoch: 1 $validator $validator"

encode Genesis genesis/small <<<"format: 1 network: \"seed\" time_ms: 5 hash: SHA256 key_algorithms: ED25519
    organisations { id: \"X-A\" threshold: 1 } $validator leading_group_quorum: 1 heartbeat_ms: 1000 view_timeout_ms: 500"
raw genesis/truncated '\x08\x01\x12\x20sa'

vote='vote { vote: "\010\001\020\002\030\001" signer: 1 signature: "s" }'
encode PeerFrame peer/vote <<<"$vote"
encode PeerFrame peer/hello <<<"hello { protocol: 1 chain_id: \"$zero32\" name: \"n\" peer_class: VALIDATOR build: \"b\" }"
encode PeerFrame peer/fetch_range <<<'fetch_range { first_height: 1 blocks_max: 9 }'
encode PeerFrame peer/range <<<'range { first_height: 1 blocks: "b" headers: "h" finalized_height: 3 }'
encode PeerFrame peer/view_query <<<"view_query { epoch: 1 nonce: \"$ones16\" }"
encode PeerFrame peer/transactions <<<'transactions { transactions: "a" transactions: "b" }'
encode Certificate peer/certificate <<<'vote: "\010\001\020\002\030\001" signatures { index: 0 signature: "s" } signatures { index: 2 signature: "t" }'
raw peer/lying_frame '\xff\xff\xff\xff\x00'
raw peer/two_frames '\x00\x00\x00\x02\x42\x00\x00\x00\x00\x01\x00'

raw json/operation '{"issue_money":{"to":"X-A","money":{"currency":"XTS","amount":"12"}}}'
raw json/numbers '[0,-1,1e400,1.5,18446744073709551615,-9223372036854775808,NaN]'
raw json/duplicate '{"a":1,"a":2}'
raw json/deep "$(printf '[%.0s' {1..40})"
raw json/surrogate '"\\ud800\\u0000\xf0\x9f\x98\x80"'
raw json/oneof '{"issue_money":{},"freeze":{}}'

raw text/amount '170141183460469231731687303715884105727'
raw text/amount_over '170141183460469231731687303715884105728'
raw text/leading_zero '007'
raw text/credit_code '91350100M000100Y43'
raw text/foreign_id 'X-FIRST-DATA'
raw text/hex '00ff0a'
raw text/bidi 'a\xe2\x80\xaeb'
raw text/overlong '\xc0\xaf'
raw text/chinese '\xe6\x95\xb0\xe6\x8d\xae'

raw key/ed25519 "\x01$(printf '\\x02%.0s' {1..32})"
raw key/p256_infinity '\x03\x00'
raw key/pem '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n-----END PRIVATE KEY-----\n'
raw key/pem_cut '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIG'
raw key/certificate_pem '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'
raw key/der '\x30\x82\xff\xff\x02\x01'

raw state_proof/empty ''
raw state_proof/kinds '\x01\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00'
raw state_proof/long "\x02$(printf '\\xff%.0s' {1..600})"
raw merkle/one_hash "\x00\x02$(printf '\\x07%.0s' {1..32})"
raw merkle/frontier "\x01\x00\x00\x00\x00\x00\x00\x00\x01$(printf '\\x09%.0s' {1..32})"
raw state_log/magic 'SQRC\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00'
raw state_log/entry "\x00\x00\x00\x00\x00\x00\x00\x20$(printf '\\xff%.0s' {1..8})\x01$(printf '\\x00%.0s' {1..24})\x01k\x01n"
raw vote_log/kinds '\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x02'
raw vote_log/long "\x02$(printf '\\x01%.0s' {1..200})"

raw config/minimal 'role = "audit"\nname = "a"\ndata_dir = "data"\ngenesis = "genesis.bin"\n'
raw config/unknown 'role = "validator"\ncolour = "red"\n'
raw config/wrong_type 'role = 7\n[limits]\npool_bytes = "many"\n'
raw config/not_toml '[[[['
raw config/endpoint '[::1]:65535'
