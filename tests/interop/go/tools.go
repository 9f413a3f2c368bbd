//go:build tools

// Package interop pins the Go programs that the tests run Prism against: gRPC's interop client
// and server, and h2spec. It has no code of its own; the runners build the packages named here.
package interop

import (
	_ "github.com/summerwind/h2spec/cmd/h2spec"
	_ "google.golang.org/grpc/interop/client"
	_ "google.golang.org/grpc/interop/server"
)
