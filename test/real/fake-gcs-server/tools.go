//go:build tools

// Package tools names the programs that test/real/build.ts builds, so that `go mod tidy` keeps what they need.
package tools

import _ "github.com/fsouza/fake-gcs-server"
