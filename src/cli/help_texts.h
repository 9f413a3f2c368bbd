#pragma once

// What `--help` says below the options of a command.
namespace prism::cli {

inline constexpr char kTopExamples[] = R"(Examples:
  prism serve --config prism.yaml          start the gateway
  prism serve --config prism.yaml --check  only check the file
  prism kv set greeting hello -n demo      store a value in the namespace demo
  prism kv get greeting -n demo            read it back
  prism status                             what the gateway is doing
  prism validate prism.yaml                check a configuration, slot by slot
  prism registry backends list             what there is to configure
  prism conformance --config prism.yaml    does each backend keep its contracts?

'prism COMMAND --help' tells more about each.)";

inline constexpr char kServeExamples[] = R"(Examples:
  prism serve --config prism.yaml          run until SIGTERM or Ctrl-C, then drain
  prism serve --config prism.yaml --check  report every fault of the file and end
  kill -HUP PID                            reload the file without dropping a call)";

inline constexpr char kKvExamples[] = R"(Examples:
  export PRISM_NAMESPACE=demo              instead of -n demo each time
  prism kv set greeting hello              store text
  prism kv set photo @photo.jpg            store a file
  date | prism kv set now -                store what comes in on stdin
  prism kv get photo > copy.jpg            bytes go to a pipe or file as they are
  prism kv get greeting --output json      {"key":"greeting","found":true,"value":"hello"}
  prism kv scan user/ --limit 20           keys that begin with user/, with their values
  prism kv expire greeting 10m             let the key vanish in ten minutes
  prism kv cas greeting bye --expect hello store only if the value is still hello

Exit codes: 0 done, 1 no such key or a comparison that failed, 2 wrong usage, 3 the call failed.
In JSON, bytes that are no UTF-8 are base64, and a field NAME_base64 says so.
Words that begin with a dash go behind '--': prism kv set n -- -5)";

inline constexpr char kStatusExamples[] = R"(Examples:
  prism status                             version, load, namespaces and backends
  prism status --admin 10.0.0.7:9090       of another gateway
  prism status --output json | jq .ready   for scripts)";

inline constexpr char kRegistryExamples[] = R"(Examples:
  prism registry interfaces list           every contract, and the backends that implement it
  prism registry interfaces describe keyvalue_scan
  prism registry backends list
  prism registry backends describe memstore
  prism registry backends find --interface=keyvalue_scan
  prism registry patterns describe multicast-registry
All of them take --output json.)";

inline constexpr char kValidateExamples[] = R"(Examples:
  prism validate namespace-config.yaml
  prism validate prism.yaml --output json | jq .faults
Every fault is told with its line and what to do about it. Exit code 2 if there is one.)";

inline constexpr char kGenerateExamples[] = R"(Examples:
  prism generate config --pattern=multicast-registry \
    --slot=registry:memstore --slot=messaging:memstore > prism.yaml
  prism registry patterns describe multicast-registry    tells which slots there are)";

inline constexpr char kConformanceExamples[] =
    R"(Each interface has a suite of cases, one or more for each sentence of its contract. They
call it through a gateway over gRPC: in order, wrongly, and from several clients at once. Interfaces
that the namespace does not have must be refused as they should.

Examples:
  prism conformance                        of the embedded MemStore
  prism conformance --list                 the cases and what each proves
  prism conformance --config prism.yaml -n orders --other-namespace carts
  prism conformance --target 10.0.0.7:443 --tls -n orders
  prism conformance --interface 'keyvalue_*' --case 'swap_*'
  prism conformance --output junit --output-file report.xml

With --config, a gateway is started for the run on a free loopback port, with the file's backends
but none of its addresses. Cases use names of their own, "conformance-...", and remove them after
use, so a run beside live data is safe; it does write, and asks for large values and many calls.
Cases that need a second namespace, on the same backend, are skipped without --other-namespace.

Exit codes: 0 all passed, 1 a case failed, 2 the run could not start, or was stopped.
Ctrl-C lets the cases under way end and clean up.)";

}  // namespace prism::cli
