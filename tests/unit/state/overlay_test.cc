// Goal: an overlay reads its own writes, and nested savepoints undo exactly what was written inside
// them. Method: small stories, then seeded random operations against a stack of plain maps.
#include "ledger/state/overlay.h"

#include <random>

#include "tests/support/catch.h"

namespace sanquan {
namespace {

class MapView final : public ReadView {
  public:
    explicit MapView(std::map<Bytes, Bytes> values) : values_(std::move(values)) {}
    std::optional<Bytes> get(ByteView key) const override {
        const auto found = values_.find(Bytes(key));
        return found == values_.end() ? std::nullopt : std::optional(found->second);
    }

  private:
    std::map<Bytes, Bytes> values_;
};

TEST_CASE("an overlay reads through and hides", "[state][overlay]") {
    const MapView parent(std::map<Bytes, Bytes>{{"a", "1"}, {"b", "2"}});
    Overlay overlay(parent);
    overlay.put("a", "9");
    overlay.erase("b");
    overlay.put("c", "");
    CHECK(overlay.get("a") == "9");
    CHECK(overlay.get("b") == std::nullopt);
    CHECK(overlay.get("c") == "");
    CHECK(overlay.before("a") == "1");
    CHECK(overlay.writes() == StateWrites{{"a", "9"}, {"b", std::nullopt}, {"c", ""}});
}

TEST_CASE("a rollback keeps the outer savepoint's writes", "[state][overlay]") {
    const MapView parent(std::map<Bytes, Bytes>{{"a", "1"}});
    Overlay overlay(parent);
    overlay.begin();
    overlay.put("a", "2");
    overlay.begin();
    overlay.put("a", "3");
    overlay.put("d", "4");
    CHECK(overlay.touched() == std::set<Bytes>{"a", "d"});
    CHECK(overlay.before("a") == "2");
    CHECK(overlay.before("d") == std::nullopt);
    overlay.rollback();
    CHECK(overlay.get("a") == "2");
    CHECK(overlay.get("d") == std::nullopt);
    CHECK(overlay.touched() == std::set<Bytes>{"a"});
    overlay.rollback();
    CHECK(overlay.writes().empty());
}

TEST_CASE("a committed inner savepoint is undone by the outer rollback", "[state][overlay]") {
    const MapView parent(std::map<Bytes, Bytes>{});
    Overlay overlay(parent);
    overlay.begin();
    overlay.begin();
    overlay.put("k", "v");
    overlay.commit();
    CHECK(overlay.touched() == std::set<Bytes>{"k"});
    overlay.rollback();
    CHECK(overlay.writes().empty());
    CHECK(overlay.depth() == 0);
}

TEST_CASE("random operations agree with copies of maps", "[state][overlay]") {
    std::mt19937_64 random(7);
    const MapView parent(std::map<Bytes, Bytes>{{"a", "A"}, {"b", "B"}, {"c", "C"}});
    Overlay overlay(parent);
    std::vector<StateWrites> model{{}};
    for (int i = 0; i < 20'000; ++i) {
        const Bytes key(1, static_cast<char>('a' + random() % 6));
        switch (random() % 6) {
            case 0:
                overlay.begin();
                model.push_back(model.back());
                break;
            case 1:
                if (overlay.depth() > 0) {
                    overlay.commit();
                    model.erase(model.end() - 2);
                }
                break;
            case 2:
                if (overlay.depth() > 0) {
                    overlay.rollback();
                    model.pop_back();
                }
                break;
            case 3:
                overlay.erase(key);
                model.back()[key] = std::nullopt;
                break;
            default: {
                const Bytes value = std::to_string(random() % 100);
                overlay.put(key, value);
                model.back()[key] = value;
            }
        }
        REQUIRE(overlay.writes() == model.back());
        REQUIRE(overlay.depth() + 1 == model.size());
    }
}

}  // namespace
}  // namespace sanquan
