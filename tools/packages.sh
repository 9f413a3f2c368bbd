# shellcheck shell=bash disable=SC2034
# Debian packages by purpose: the only list of what Prism needs. Sourced by ./dev.

core_packages=(
  g++ cmake ninja-build pkg-config ccache libboost1.81-dev libboost-json1.81-dev libnghttp2-dev
  libssl-dev libprotobuf-dev libprotoc-dev protobuf-compiler libyaml-cpp-dev libcli11-dev libspdlog-dev
  libfmt-dev libpq-dev zlib1g-dev
)
test_packages=(
  libgtest-dev libgmock-dev nghttp2-client python3 python3-grpcio python3-grpc-tools
  libgrpc++-dev protobuf-compiler-grpc openssl redis-server redis-tools redis-sentinel
  postgresql-15
)
bench_packages=(libbenchmark-dev haproxy nginx-light nghttp2-client python3 libgrpc++-dev
                protobuf-compiler-grpc)
lint_packages=(clang-format-14 clang-tidy-14)
fuzz_packages=(clang-14 libclang-rt-14-dev)
