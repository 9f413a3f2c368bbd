#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/options.h"

namespace prism::cli {

// A command to run, or what to say instead: help on stdout, or what is wrong on stderr.
struct Arguments {
  std::optional<Command> command;
  std::string out;
  std::string err;
  int exit_code = kExitOk;
};

// Reads the words behind the program's name, and the PRISM_* environment for what they leave open.
Arguments ParseArguments(std::vector<std::string> words);

}  // namespace prism::cli
