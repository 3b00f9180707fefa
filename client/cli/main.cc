// `sanquan`: everything that a person does with the ledger at a terminal.
#include "client/cli/program.h"

int main(int argc, char** argv) { return sanquan::cli::run_program(argc, argv); }
