#!/usr/bin/env bash
# Gate: the consensus and contracts libraries reach no clock, randomness, thread, lock, socket, file, environment,
# locale or throw. It reads their undefined symbols, so what a header smuggles in is seen as well.
# Usage: scripts/check_purity.sh LIBRARY.a...     Red when a library is missing.
set -euo pipefail

# One extended regular expression per kind, matched against a whole demangled symbol.
deny=(
    'clock:std::chrono::_V2::.*|clock_gettime(@.*)?|gettimeofday|time|clock|localtime(_r)?|gmtime(_r)?|mktime|strftime'
    'randomness:std::random_device.*|s?rand(om)?|rand_r|arc4random.*|getrandom|getentropy|RAND_.*'
    'thread:std::thread.*|std::jthread.*|std::__future_base.*|pthread_create|pthread_join|thrd_.*'
    'lock:std::mutex.*|std::condition_variable.*|pthread_(mutex|rwlock|cond|spin)_.*|sem_.*|mtx_.*|cnd_.*'
    'socket:socket|connect|bind|listen|accept4?|send(to|msg)?|recv(from|msg)?|poll|select|epoll_.*|getaddrinfo'
    'file:open(at)?(64)?|read|write|pread(64)?|pwrite(64)?|close|fsync|fdatasync|f?(open|close|read|write|puts|printf|flush)(64)?|std::basic_(i|o)?fstream.*|std::basic_filebuf.*|std::filesystem::.*|unlink|rename|mmap(64)?|stat(64)?'
    'console:printf|puts|putchar|__printf_chk|std::cout|std::cerr|std::clog'
    'environment:getenv|secure_getenv|setenv|system|exec[lv].*|fork|getpid|gethostname|uname'
    'locale:std::locale.*|std::__cxx11::.*(numpunct|moneypunct|collate).*|std::use_facet.*|setlocale|localeconv|newlocale'
    'float:strto(f|d|ld)|ato(f)|std::stod.*|pow|exp|log|sqrt|sin|cos'
    'throw:__cxa_throw|__cxa_allocate_exception|__cxa_rethrow'
    'unstable order:std::_Hash_bytes.*|std::__detail::_Prime_rehash_policy.*'
)

if (($# == 0)); then
    echo "usage: $0 LIBRARY.a..." >&2
    exit 2
fi

violations=0
symbols_seen=0
for library in "$@"; do
    if [[ ! -f $library ]]; then
        echo "purity: $library is missing; build it first"
        violations=$((violations + 1))
        continue
    fi
    # `nm -A` prefixes "library:object: U symbol"; objects without symbols are reported on stderr.
    symbols=$(nm -uCA "$library" 2>/dev/null | sed -n 's/^[^:]*:\([^:]*\): *[Uwv] \(.*\)$/\1\t\2/p')
    if [[ -z $symbols ]]; then
        echo "purity: $library has no symbols; it cannot be judged"
        violations=$((violations + 1))
        continue
    fi
    symbols_seen=$((symbols_seen + $(wc -l <<<"$symbols")))
    for entry in "${deny[@]}"; do
        kind=${entry%%:*}
        pattern=${entry#*:}
        # A C symbol must match whole; a C++ one may go on with its parameters.
        hits=$(grep -E "	(${pattern})(@.*|\(.*)?$" <<<"$symbols" || true)
        if [[ -n $hits ]]; then
            while IFS=$'\t' read -r object symbol; do
                echo "${library##*/}($object): $kind: $symbol"
                violations=$((violations + 1))
            done <<<"$hits"
        fi
    done
done

if ((violations > 0)); then
    echo "purity: RED, $violations violation(s)"
    exit 1
fi
echo "purity: green, $symbols_seen undefined symbols in $# libraries"
