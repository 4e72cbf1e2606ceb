// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"bytes"
	"context"
	"sync"
	"unsafe"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// go-graphviz never frees the texts that go into its WebAssembly instance and
// come out of it, megabytes for each large drawing, and has no call that would
// (https://github.com/goccy/go-graphviz/issues/111). So the memory of the
// instance is put back after every drawing as it was found before it, which
// also leaves alone what other parts of the program keep there.
//
// The instance is an unexported variable of go-graphviz, used only if what it
// points to begins with a module of the WebAssembly runtime; with a version of
// which that is no longer true, drawings leak as they do without this file.

//go:linkname graphvizModule github.com/goccy/go-graphviz/internal/wasm.mod
var graphvizModule *struct{ module api.Module }

var canReclaim = sync.OnceValue(func() bool {
	if graphvizModule == nil {
		return false
	}
	ctx := context.Background()
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer func() { _ = r.Close(ctx) }()
	empty, err := r.Instantiate(ctx, []byte("\x00asm\x01\x00\x00\x00"))
	if err != nil || typeWord(&empty) != typeWord(&graphvizModule.module) {
		return false
	}
	module := graphvizModule.module
	return module.ExportedFunction("malloc") != nil && module.ExportedFunction("free") != nil
})

// typeWord is the first word of an interface, which stands for its type.
func typeWord(m *api.Module) uintptr { return *(*uintptr)(unsafe.Pointer(m)) }

// engineReserve is how much the allocator of the instance is made to hold
// before a drawing, in bytes: what was allocated beyond is forgotten when the
// memory is put back, and a WebAssembly memory cannot shrink. It belongs to the
// holder of the engine token.
var engineReserve uint64

// maxReserve keeps one huge drawing from having every later one copy as much.
const maxReserve = 256 << 20

// wasmPage is the unit of WebAssembly memory, whose size is a multiple of it.
const wasmPage = 64 << 10

var zeroPage [wasmPage]byte

// reclaim notes the memory of the instance and returns the function that puts
// it back. The caller holds the engine token.
func reclaim() (restore func()) {
	if !canReclaim() {
		return func() {}
	}
	module := graphvizModule.module
	memory := module.Memory()
	if engineReserve > 0 && !reserve(module, engineReserve) {
		return func() {}
	}
	found := keep(memory)
	return func() {
		if module.IsClosed() {
			return
		}
		grown := memory.Size() - found.size
		engineReserve = min(engineReserve+2*uint64(grown), maxReserve)
		found.putBack(memory)
	}
}

// reserve has the allocator take n bytes from the system and keep them.
func reserve(module api.Module, n uint64) bool {
	ctx := context.Background()
	at, err := module.ExportedFunction("malloc").Call(ctx, n)
	if err != nil || at[0] == 0 {
		return false
	}
	_, err = module.ExportedFunction("free").Call(ctx, at[0])
	return err == nil
}

// kept is a copy of a memory, whose pages are mostly zero.
type kept struct {
	size  uint32
	pages map[uint32][]byte // those that hold anything, by address
}

func keep(memory api.Memory) kept {
	k := kept{memory.Size(), make(map[uint32][]byte)}
	for at := uint32(0); at < k.size; at += wasmPage {
		if page, ok := memory.Read(at, wasmPage); ok && !bytes.Equal(page, zeroPage[:]) {
			k.pages[at] = bytes.Clone(page)
		}
	}
	return k
}

// putBack makes the memory what it was, and zero where it has grown.
func (k kept) putBack(memory api.Memory) {
	for at := uint32(0); at < memory.Size(); at += wasmPage {
		if page, ok := memory.Read(at, wasmPage); ok {
			if was, ok := k.pages[at]; ok {
				copy(page, was)
			} else {
				clear(page)
			}
		}
	}
}
