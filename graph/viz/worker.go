// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"time"
)

// workerVar is the environment variable by which a process knows that it is a
// worker.
const workerVar = "ONCOREF_VIZ_WORKER"

// workerGrace is how long a stopped worker's pipes may stay open.
const workerGrace = 500 * time.Millisecond

// workerMemory is the heap at which a worker begins to collect garbage.
const workerMemory = 1 << 30

// IsWorker reports whether this process was started to render for another. A
// program that names itself in Options.Command begins its main with
//
//	if viz.IsWorker() {
//		os.Exit(viz.ServeWorker(os.Stdin, os.Stdout, os.Stderr))
//	}
func IsWorker() bool { return os.Getenv(workerVar) == "1" }

// ServeWorker reads one request from in, renders it, writes the answer to out,
// and returns the status with which the process should exit: 0 if it answered,
// be it with an error, and 1 if it could not, with the reason on diag. If in
// is a file, such as standard input, the process ends when the other side
// closes it, so that no worker outlives who asked.
func ServeWorker(in io.Reader, out, diag io.Writer) int {
	var r request
	dot, err := readMessage(in, requestMark, &r, maxInput)
	if err != nil {
		fmt.Fprintln(diag, err)
		return 1
	}
	if f, ok := in.(*os.File); ok {
		// Garbage collection waits for the end of the WebAssembly code that is
		// running, and stops everything else meanwhile, the watch included.
		debug.SetGCPercent(-1)
		debug.SetMemoryLimit(workerMemory)
		go func() {
			_, _ = io.Copy(io.Discard, f)
			os.Exit(1)
		}()
	}
	var b bytes.Buffer
	err = Render(context.Background(), &b, dot, r.Format, r.options())
	if err == nil && b.Len() > maxOutput {
		err = fmt.Errorf("%w: picture of %d bytes, at most %d", ErrTooLarge, b.Len(), maxOutput)
		b.Reset()
	}
	if err := writeMessage(out, answerMark, newAnswer(err), b.Bytes()); err != nil {
		fmt.Fprintln(diag, err)
		return 1
	}
	return 0
}

// renderThere draws in a worker process, which is killed when ctx is done.
func renderThere(ctx context.Context, dot []byte, f Format, o Options) ([]byte, error) {
	if len(dot) > maxInput {
		_, err := scan(dot)
		return nil, err
	}
	temp, err := workerTemp(o.CacheDir)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrWorker, err)
	}
	if o.CacheDir == "" {
		defer func() { _ = os.RemoveAll(temp) }()
	}
	cmd := exec.CommandContext(ctx, o.Command[0], o.Command[1:]...)
	cmd.WaitDelay = workerGrace
	cmd.Env = append(os.Environ(), workerVar+"=1", "TMPDIR="+temp, "TMP="+temp, "TEMP="+temp)
	stdout, stderr := &boundedBuffer{limit: maxOutput + maxHeader}, &boundedBuffer{limit: 4 << 10, drop: true}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrWorker, err)
	}
	if err := cmd.Start(); err != nil {
		return nil, workerError(ctx, err, "")
	}
	// The pipe stays open until the worker ends, see ServeWorker. A write that
	// fails means that the worker is gone, which Wait reports.
	go func() { _ = writeMessage(stdin, requestMark, newRequest(f, o), dot) }()
	err = cmd.Wait()
	if err != nil {
		return nil, workerError(ctx, err, stderr.String())
	}
	var a answer
	out, err := readMessage(&stdout.Buffer, answerMark, &a, maxOutput)
	if err != nil {
		return nil, workerError(ctx, err, stderr.String())
	}
	if err := a.err(); err != nil {
		return nil, err
	}
	return out, nil
}

// workerError tells a worker that was stopped from one that failed.
func workerError(ctx context.Context, err error, diag string) error {
	if cause := ctx.Err(); cause != nil {
		return fmt.Errorf("viz: worker stopped: %w", cause)
	}
	if diag = oneLine(diag); diag != "" {
		return fmt.Errorf("%w: %w: %s", ErrWorker, err, diag)
	}
	return fmt.Errorf("%w: %w", ErrWorker, err)
}

// workerTemp makes the folder for the worker's temporary files, to which only
// the user has access: the compiled renderer in it is machine code.
func workerTemp(cache string) (string, error) {
	if cache == "" {
		return os.MkdirTemp("", "viz-") // mode 0700
	}
	if err := os.MkdirAll(cache, 0o700); err != nil {
		return "", err
	}
	info, err := os.Stat(cache)
	if err != nil {
		return "", err
	}
	if !info.IsDir() || !private(info) {
		return "", fmt.Errorf("folder %s can be written by others: want mode 0700 and the user as owner", cache)
	}
	return cache, nil
}

// boundedBuffer keeps at most limit bytes; more is an error, or dropped.
type boundedBuffer struct {
	bytes.Buffer
	limit int
	drop  bool
}

var errTooMuch = errors.New("more output than a picture can have")

func (b *boundedBuffer) Write(p []byte) (int, error) {
	if room := b.limit - b.Len(); len(p) > room {
		if !b.drop {
			return 0, errTooMuch
		}
		b.Buffer.Write(p[:room])
		return len(p), nil
	}
	return b.Buffer.Write(p)
}

func (b *boundedBuffer) String() string { return strings.TrimSpace(b.Buffer.String()) }
