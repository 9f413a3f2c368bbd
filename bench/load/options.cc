#include "load/options.h"

#include <getopt.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string_view>

namespace prism::bench {
namespace {

constexpr char kUsage[] =
    "usage: prism_load [options]                 closed loop, connections x streams calls open\n"
    "       prism_load --rate R [options]        open loop, R calls per second on schedule\n"
    "       prism_load --idle N [--duration S]   hold N connections until stdin closes\n"
    "       prism_load [options] --exec COMMAND  start a server, time it to its first answer\n"
    "  --target HOST:PORT   where the server listens             (127.0.0.1:8980)\n"
    "  --namespace NAME     sent as metadata prism-namespace     (bench)\n"
    "  --method get|set     KeyValueBasic's rpc                  (get)\n"
    "  --connections N      (1)    --streams N      calls per connection (1)\n"
    "  --threads N          (1)    --keys N         (1000)\n"
    "  --value-bytes N      (100)  --seed N         of keys and values (random)\n"
    "  --duration 5s        measured time                        (5s)\n"
    "  --warmup 1s          unmeasured time before               (1s)\n"
    "  --until-goaway       end when the server has sent GOAWAY on every connection\n"
    "  --cpu-pids P,P       charge these processes' CPU time to the calls\n"
    "  --json               report in JSON\n"
    "Every answer is checked. Exits with 1 when a call failed.\n";

[[noreturn]] void Refuse(const std::string& fault) {
  std::fprintf(stderr, "prism_load: %s\n%s", fault.c_str(), kUsage);
  std::exit(2);
}

int Count(const std::string& flag, const char* text) {
  char* end = nullptr;
  const long value = std::strtol(text, &end, 10);
  if (*text == 0 || *end != 0 || value < 1 || value > 100'000'000) {
    Refuse("--" + flag + ": '" + text + "' is not a positive number");
  }
  return static_cast<int>(value);
}

// Seconds, from "5", "5s" or "500ms".
double Seconds(const std::string& flag, const char* text) {
  char* end = nullptr;
  const double value = std::strtod(text, &end);
  const std::string_view unit = end;
  if (end == text || value < 0 || (!unit.empty() && unit != "s" && unit != "ms")) {
    Refuse("--" + flag + ": '" + text + "' is not a time such as 5s or 500ms");
  }
  return unit == "ms" ? value / 1000 : value;
}

Method MethodNamed(std::string_view name) {
  if (name != "get" && name != "set") Refuse("--method is get or set");
  return name == "get" ? Method::kGet : Method::kSet;
}

std::vector<int> Pids(std::string text) {
  std::vector<int> pids;
  for (size_t comma; !text.empty(); text.erase(0, comma == text.npos ? comma : comma + 1)) {
    comma = text.find(',');
    pids.push_back(Count("cpu-pids", text.substr(0, comma).c_str()));
  }
  return pids;
}

enum Flag {
  kTarget = 1,
  kNamespace,
  kMethod,
  kConnections,
  kStreams,
  kThreads,
  kKeys,
  kValueBytes,
  kSeed,
  kDuration,
  kWarmup,
  kRate,
  kUntilGoaway,
  kCpuPids,
  kJson,
  kIdle,
  kExec,
  kHelp
};

constexpr std::array<option, 19> kFlags = {{
    {"target", required_argument, nullptr, kTarget},
    {"namespace", required_argument, nullptr, kNamespace},
    {"method", required_argument, nullptr, kMethod},
    {"connections", required_argument, nullptr, kConnections},
    {"streams", required_argument, nullptr, kStreams},
    {"threads", required_argument, nullptr, kThreads},
    {"keys", required_argument, nullptr, kKeys},
    {"value-bytes", required_argument, nullptr, kValueBytes},
    {"seed", required_argument, nullptr, kSeed},
    {"duration", required_argument, nullptr, kDuration},
    {"warmup", required_argument, nullptr, kWarmup},
    {"rate", required_argument, nullptr, kRate},
    {"until-goaway", no_argument, nullptr, kUntilGoaway},
    {"cpu-pids", required_argument, nullptr, kCpuPids},
    {"json", no_argument, nullptr, kJson},
    {"idle", required_argument, nullptr, kIdle},
    {"exec", no_argument, nullptr, kExec},
    {"help", no_argument, nullptr, kHelp},
    {},
}};

void Apply(int flag, const std::string& name, Options& options) {
  switch (flag) {
    case kTarget:
      options.target = optarg;
      break;
    case kNamespace:
      options.name_space = optarg;
      break;
    case kMethod:
      options.method = MethodNamed(optarg);
      break;
    case kConnections:
      options.connections = Count(name, optarg);
      break;
    case kStreams:
      options.streams = Count(name, optarg);
      break;
    case kThreads:
      options.threads = Count(name, optarg);
      break;
    case kKeys:
      options.keys = Count(name, optarg);
      break;
    case kValueBytes:
      options.value_bytes = Count(name, optarg);
      break;
    case kSeed:
      options.seed = Count(name, optarg);
      break;
    case kDuration:
      options.duration_s = Seconds(name, optarg);
      break;
    case kWarmup:
      options.warmup_s = Seconds(name, optarg);
      break;
    case kRate:
      options.rate = Count(name, optarg);
      break;
    case kUntilGoaway:
      options.until_goaway = true;
      break;
    case kCpuPids:
      options.cpu_pids = Pids(optarg);
      break;
    case kJson:
      options.json = true;
      break;
    case kIdle:
      options.idle = Count(name, optarg);
      break;
    case kHelp:
      std::fputs(kUsage, stdout);
      std::exit(0);
    default:
      Refuse("what is '--" + name + "'?");
  }
}

}  // namespace

Options ParseOptions(int argc, char** argv) {
  Options options;
  opterr = 0;
  bool exec = false;
  for (int flag, index = 0;
       !exec && (flag = getopt_long(argc, argv, "+", kFlags.data(), &index)) != -1;) {
    exec = flag == kExec;
    if (flag == '?') Refuse(std::string("unknown or incomplete option ") + argv[optind - 1]);
    if (!exec) Apply(flag, kFlags[index].name, options);
  }
  if (exec) options.command.assign(argv + optind, argv + argc);
  if (exec && options.command.empty()) Refuse("--exec needs a command");
  if (!exec && optind < argc) Refuse(std::string("unexpected argument ") + argv[optind]);
  if (options.target.find(':') == std::string::npos) Refuse("--target is HOST:PORT");
  if (options.threads > options.connections) options.threads = options.connections;
  while (options.seed == 0) options.seed = std::random_device()();
  return options;
}

}  // namespace prism::bench
