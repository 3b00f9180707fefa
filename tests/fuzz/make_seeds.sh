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
        ledger/codec/peer.proto ledger/codec/genesis.proto ledger/codec/proof.proto >"$corpus/$2"
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
raw state_log/magic 'SQRC\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00'
raw state_log/entry "\x00\x00\x00\x00\x00\x00\x00\x20$(printf '\\xff%.0s' {1..8})\x01$(printf '\\x00%.0s' {1..24})\x01k\x01n"
raw vote_log/kinds '\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x02'
raw vote_log/long "\x02$(printf '\\x01%.0s' {1..200})"

raw config/minimal 'role = "audit"\nname = "a"\ndata_dir = "data"\ngenesis = "genesis.bin"\n'
raw config/unknown 'role = "validator"\ncolour = "red"\n'
raw config/wrong_type 'role = 7\n[limits]\npool_bytes = "many"\n'
raw config/not_toml '[[[['
raw config/endpoint '[::1]:65535'

voucher="format: 1 trust: \"t\" receipt { receipt: \"r\" path { siblings: \"$zero32\" sides: \"\\000\" } } headers: \"h\" checksum: \"$zero32\""
encode Voucher voucher/receipt <<<"$voucher"
encode TrustFile voucher/trust <<<"format: 1 genesis_head: \"g\" changes { header: \"h\" validator_set: \"v\" }"
raw voucher/untouched ''
raw voucher/flip '\x00\x10\x03\x01'
raw voucher/cut '\x00\x40\x02\x20'
raw voucher/in_headers '\x02\x00\x03\x80\x02\x40\x01\x00\x02\x80\x00\x07'
raw voucher/in_certificate '\x04\x00\x03\x01\x04\x40\x03\x10'

raw request/get 'GET /v1/status HTTP/1.1\r\nHost: node.example:443\r\nAccept: */*\r\n\r\n'
raw request/post 'POST /v1/transactions HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc'
raw request/chunked 'POST /v1/transactions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'
raw request/both_lengths 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
raw request/bare_lf 'GET / HTTP/1.1\nHost: a\n\n'
raw request/folded 'GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n'
raw request/old 'GET / HTTP/1.0\r\n\r\n'

raw x509/not_der '\x30\x03\x02\x01\x00'
raw x509/empty_pem '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'

# magic, version 1, 124 bytes of front with one twig, checksum; then a block with one key, and the end
front="$(printf '\\x00%.0s' {1..7})\\x05$(printf '\\x07%.0s' {1..32})$(printf '\\x00%.0s' {1..36})"
raw checkpoint/magic 'SQIX\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x10'
raw checkpoint/front "SQIX\\x00\\x00\\x00\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x7c$front$(printf '\\x00%.0s' {1..200})"
raw checkpoint/untouched ''
raw checkpoint/flip '\x00\x10\x03\x01'
raw checkpoint/more_entries '\x00\x3f\x00\x02'
raw checkpoint/cut '\x00\x40\x02\x20'
raw checkpoint/huge_front 'SQIX\x00\x00\x00\x01\xff\xff\xff\xff\xff\xff\xff\xff'

raw catalogue/dcat_us '{"dataset":[{"identifier":"d1","title":"Oil  prices","publisher":{"name":"EIA"},"accessLevel":"public","accrualPeriodicity":"R/P1D","theme":["energy"],"keyword":["oil",""],"modified":"2015-05-18","distribution":[{"mediaType":"text/csv"}]}]}'
raw catalogue/firstdata '[{"id":"s1","name":{"en":"Rainfall","zh":"\xe9\x99\x8d\xe9\x9b\xa8"},"organization":{"name":"Met"},"domains":["weather"],"update_frequency":"weekly","data_url":"https://met.example/x"}]'
raw catalogue/no_title '{"dataset":[{"identifier":"d1"},{"title":7},[]]}'
raw catalogue/mapping '{"format":1,"about":"a","unmapped":"P01","subjects":{"Energy":"S03"}}'
raw catalogue/bad_mapping '{"format":1,"unmapped":"nowhere","subjects":{"Energy":3}}'

raw event/block 'event: block\nid: 7\ndata: {"height":7}\n\n'
raw event/two_lines 'data: {"a":\ndata: 1}\n\n:comment\n\nevent\nid\n\n'
raw event/no_object 'event: block\ndata: [1]\n\ndata: {\n\n'
raw event/carriage 'event: block\r\ndata: {}\r\n\r\n'

raw odrl/count 'count lteq 10\ncount lteq 20\ncount=9 time=5 purpose=research recipient=X-A spatial=530100 paid=CNY:5'
raw odrl/names 'purpose isAnyOf research education;spatial isPartOf 530000\npurpose isNoneOf marketing\npurpose=research/medical spatial=530102'
raw odrl/pay 'payAmount gteq 500 [CNY]\npayAmount gt 499 [CNY]\npaid=CNY:500'
raw odrl/time 'dateTime lteq 2026-01-31T08:00:00+08:00;dateTime gt 2025-01-31T08:00:00Z\ndateTime lt 2027-01-01T00:00:00.5Z\ntime=1769817600000'
raw odrl/recipient 'recipient eq X-A;recipient neq X-B\nrecipient isAnyOf X-A X-B\nrecipient=X-A'
raw odrl/unsupported 'count gteq 1\nelapsedTime lteq P1D\ncount=1'

raw time/utc '2026-01-31T08:00:00Z'
raw time/offset '2026-01-31T08:00:00.5+08:00'
raw time/leap_day '2000-02-29T23:59:59.999-23:59'
raw time/first '0000-01-01T00:00:00Z'
raw time/last '9999-12-31T23:59:59-23:59'
raw time/leap_second '2016-12-31T23:59:60Z'
raw time/small_letters '2026-01-31t08:00:00z'

# Moves of three bytes (tests/fuzz/step_fuzz.cc): 2 tick, 1 deliver all, 3 work, 5 cut, 6 crash, 7 restart, 11 and on the villain
rounds=$(printf '\\x03\\x00\\x00\\x01\\x00\\x00\\x02\\x00\\x05\\x02\\x01\\x05\\x02\\x02\\x05\\x02\\x03\\x05\\x01\\x00\\x00%.0s' {1..6})
raw step/quiet "\\x00$rounds"
raw step/epochs "\\x01$rounds"
raw step/villain_silent "\\x02$rounds"
raw step/villain_votes "\\x02\\x0b\\x00\\x00\\x0b\\x01\\x00\\x0b\\x02\\x00$rounds\\x0b\\x03\\x08\\x0f\\x00\\x00\\x0d\\x01\\x08\\x0d\\x02\\x10$rounds"
raw step/villain_proposes "\\x03$rounds\\x0c\\x05\\x00\\x0c\\x05\\x01\\x0c\\x00\\x08\\x0c\\x0a\\x50$rounds"
raw step/villain_asks "\\x02$rounds\\x0e\\x00\\x00\\x0e\\x41\\x00\\x0e\\x02\\x20\\x0e\\x03\\xe0\\x0e\\x04\\x00$rounds"
raw step/crash "\\x00$rounds\\x06\\x01\\x00\\x06\\x02\\x01$rounds\\x07\\x01\\x00\\x07\\x02\\x00$rounds"
raw step/lost_log "\\x00$rounds\\x06\\x01\\x07$rounds\\x07\\x01\\x00$rounds\\x06\\x02\\x01\\x07\\x02\\x00$rounds"
raw step/partition "\\x01\\x05\\x00\\x01\\x05\\x01\\x00\\x05\\x00\\x02$rounds\\x05\\x00\\x01\\x0a\\x01\\x01$rounds\\x0a\\x01\\x00$rounds"
