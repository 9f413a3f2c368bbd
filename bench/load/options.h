#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace prism::bench {

enum class Method : uint8_t { kGet, kSet };

// What the command line asks for.
struct Options {
  std::string target = "127.0.0.1:8980";
  std::string name_space = "bench";
  Method method = Method::kGet;
  int connections = 1;
  int streams = 1;  // per connection
  int threads = 1;
  int keys = 1000;
  int value_bytes = 100;
  uint64_t seed = 0;  // of keys and values; 0: a random one
  double duration_s = 5;
  double warmup_s = 1;
  double rate = 0;            // calls per second started on schedule; 0: closed loop
  bool until_goaway = false;  // stop when every connection was told to go away
  bool json = false;
  int idle = 0;                // connections to hold without a call; 0: run load
  std::vector<int> cpu_pids;   // processes whose CPU time is charged to the calls
  std::vector<char*> command;  // a server to start and to time up to its first answer
};

// Parses the command line; prints the fault and the usage and exits with 2 when it is wrong.
Options ParseOptions(int argc, char** argv);

}  // namespace prism::bench
