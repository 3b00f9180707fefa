// Byzantine validators. Most keep an honest replica inside, so that they stay plausible, and bend
// what leaves it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/sim/sim_node.h"

namespace sanquan::sim {

class Simulator;

class Villain {
  public:
    Villain(Simulator& simulator, NodeId id) : simulator_(&simulator), id_(id) {}
    virtual ~Villain() = default;
    [[nodiscard]] virtual std::string name() const = 0;
    // A message that the honest replica inside wants to send; the villain sends what it likes.
    virtual void outgoing(NodeId to, const NetMessage& message) = 0;
    // A message that reached the villain, also handed to the replica inside.
    virtual void incoming(NodeId /*from*/, const NetMessage& /*message*/) {}
    virtual void tick() {}

  protected:
    void send(NodeId to, const NetMessage& message);
    void send_all(const NetMessage& message);
    void vote_all(const consensus::Vote& vote);
    void vote(NodeId to, const consensus::Vote& vote);
    Simulator* simulator_;
    NodeId id_;
};

// One of: silent, withholder, equivocator, double voter, replayer, nuller, liar, saboteur.
std::unique_ptr<Villain> make_villain(Simulator& simulator, NodeId id, SimNode& inside,
                                      std::uint64_t which);
constexpr std::uint64_t kVillainKinds = 8;

}  // namespace sanquan::sim
