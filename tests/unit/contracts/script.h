// Table files of contract tests: one operation per line with the code that must come back.
//
//   == title                              a new world
//   define NAME … end                     lines to be run by `call NAME`
//   call NAME
//   tick MILLISECONDS
//   franchise SECTOR PLATFORM UNTIL       UNTIL: milliseconds after the start of the world
//   balance ORGANISATION CURRENCY AMOUNT
//   freeze KEY UNTIL
//   parameter NAME VALUE
//   serial REGION SECTOR LAST
//   accredit ORGANISATION PROVIDER-KIND
//   repeat N LINE
//   crowd N LINE                          % in LINE is a new organisation each time
//   SENDER[+SIGNER…]: operation { fields in protobuf text format } = CODE [as NAME]
//   ask FUNCTION ARGUMENTS = CODE         a question of the table's own
//   COMMAND ARGUMENTS                     a command of the table's own
//
// $NAME stands for the subject of the operation that was named so; @N for N milliseconds after the
// start of the world; #X for 32 bytes of the character X; {{FUNCTION ARGUMENTS}} for text that the
// table's own functions make.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "tests/unit/contracts/world.h"

namespace sanquan::contracts::testing {

// Answers `ask` lines: arguments to the text of a code ("OK" when passed).
using Question =
    std::function<std::string(const World& world, const std::vector<std::string>& arguments)>;

// Changes the world in a way of the table's own.
using Command = std::function<void(World& world, const std::vector<std::string>& arguments)>;

struct Vocabulary {
    std::map<std::string, Question> questions;
    std::map<std::string, Command> commands;
    std::map<std::string, Question> functions;
};

// Runs a table file, checking every line; returns the texts of all codes that some line expected.
std::set<std::string> run_script(const std::string& path, const Vocabulary& vocabulary);

}  // namespace sanquan::contracts::testing
