// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// worker is Options that use this test program as worker.
func worker(t testing.TB, args ...string) Options {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	return Options{Layout: Neato, Command: append([]string{exe}, args...), CacheDir: workerCache}
}

func TestWorkerGivesTheSame(t *testing.T) {
	o := worker(t)
	o.Title, o.Description, o.Lang, o.DPI = "Tïtel", "D", "nl", 100
	here := o
	here.Command = nil
	for _, f := range allFormats {
		assert.Equal(t, render(t, three[2].dot, f, here), render(t, three[2].dot, f, o), f)
	}
}

func TestWorkerErrors(t *testing.T) {
	o := worker(t)
	for name, c := range map[string]struct {
		dot  string
		o    func(*Options)
		want error
	}{
		"syntax":    {"digraph {\n a -> }", nil, ErrSyntax},
		"empty":     {"", nil, ErrSyntax},
		"pinned":    {"digraph { a }", func(o *Options) { o.Layout = Pinned }, ErrRender},
		"too large": {"digraph { a; b }", func(o *Options) { o.MaxNodes = 1 }, ErrTooLarge},
		"layout":    {"digraph {}", func(o *Options) { o.Layout = 77 }, ErrName},
	} {
		t.Run(name, func(t *testing.T) {
			there, here := o, o
			here.Command = nil
			if c.o != nil {
				c.o(&there)
				c.o(&here)
			}
			want := Render(t.Context(), io.Discard, []byte(c.dot), SVG, here)
			require.ErrorIs(t, want, c.want)
			got := Render(t.Context(), failing{}, []byte(c.dot), SVG, there)
			require.ErrorIs(t, got, c.want)
			assert.NotErrorIs(t, got, ErrWorker)
			assert.Equal(t, want.Error(), got.Error())
		})
	}
	var large *TooLargeError
	o.MaxNodes = 1
	require.ErrorAs(t, Render(t.Context(), io.Discard, []byte("digraph { a; b }"), SVG, o), &large)
	assert.Equal(t, 2, large.Nodes)
}

func TestWorkerThatFails(t *testing.T) {
	for arg, message := range map[string]string{"-crash": "stack smashed", "-babble": "not a message"} {
		err := RenderSVG(t.Context(), failing{}, []byte("digraph {}"), worker(t, arg))
		require.ErrorIs(t, err, ErrWorker, arg)
		assert.Contains(t, err.Error(), message)
	}
	o := worker(t)
	o.Command = []string{filepath.Join(t.TempDir(), "no-such-program")}
	require.ErrorIs(t, RenderSVG(t.Context(), failing{}, []byte("digraph {}"), o), ErrWorker)
}

func TestWorkerDeadline(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a deadline")
	}
	dot, o := hanging()
	w := worker(t, "-pid", filepath.Join(t.TempDir(), "pid"))
	o.Command, o.CacheDir = w.Command, w.CacheDir
	render(t, "digraph {}", SVG, w) // fills the cache
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	start := time.Now()
	err := RenderSVG(ctx, failing{}, dot, o)
	assert.Less(t, time.Since(start), 2*time.Second)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.NotErrorIs(t, err, ErrWorker)
	assertGone(t, o.Command[2])

	var b bytes.Buffer
	require.NoError(t, RenderSVG(t.Context(), &b, []byte(three[1].dot), w))
}

func TestWorkerEndsWithWhoAsked(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a process")
	}
	dot, o := hanging()
	w := worker(t)
	cmd := exec.CommandContext(t.Context(), w.Command[0])
	cmd.Env = append(os.Environ(), workerVar+"=1", "TMPDIR="+w.CacheDir)
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	require.NoError(t, writeMessage(stdin, requestMark, newRequest(SVG, o), dot))
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case err := <-done:
		require.Fail(t, "ended early", "%v", err)
	case <-time.After(500 * time.Millisecond):
	}
	require.NoError(t, stdin.Close())
	select {
	case err := <-done:
		require.Error(t, err)
	case <-time.After(10 * time.Second):
		_ = cmd.Process.Kill()
		require.Fail(t, "still drawing for nobody")
	}
}

// assertGone checks that the process whose number is in file has ended.
func assertGone(t *testing.T, file string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	line, _, _ := strings.Cut(string(raw), "\n")
	pid, err := strconv.Atoi(line)
	require.NoError(t, err)
	if runtime.GOOS == "windows" {
		return
	}
	p, err := os.FindProcess(pid)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return p.Signal(syscall.Signal(0)) != nil }, time.Second, 10*time.Millisecond)
}

func TestWorkerTemporaryFiles(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	file := filepath.Join(t.TempDir(), "pid")
	o := worker(t, "-pid", file)
	o.CacheDir = ""
	render(t, "digraph {}", SVG, o)
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	_, temp, _ := strings.Cut(string(raw), "\n")
	assert.Equal(t, os.TempDir(), filepath.Dir(temp), "a folder of its own")
	_, err = os.Stat(temp)
	require.ErrorIs(t, err, os.ErrNotExist, "removed")

	cache := filepath.Join(t.TempDir(), "a", "b")
	temp, err = workerTemp(cache)
	require.NoError(t, err)
	assert.Equal(t, cache, temp)
	info, err := os.Stat(cache)
	require.NoError(t, err)
	if runtime.GOOS != "windows" {
		assert.Equal(t, os.FileMode(0o700), info.Mode().Perm())
		require.NoError(t, os.Chmod(cache, 0o777))
		o.CacheDir = cache
		err = RenderSVG(t.Context(), failing{}, []byte("digraph {}"), o)
		require.ErrorIs(t, err, ErrWorker)
		assert.Contains(t, err.Error(), "0700")
	}
	o.CacheDir = file
	require.ErrorIs(t, RenderSVG(t.Context(), failing{}, []byte("digraph {}"), o), ErrWorker)
}

func TestWorkerOutputIsBounded(t *testing.T) {
	b := &boundedBuffer{limit: 5}
	_, err := b.Write([]byte("abc"))
	require.NoError(t, err)
	_, err = b.Write([]byte("def"))
	require.ErrorIs(t, err, errTooMuch)
	b = &boundedBuffer{limit: 5, drop: true}
	for range 3 {
		n, err := b.Write([]byte("abc"))
		require.NoError(t, err)
		assert.Equal(t, 3, n)
	}
	assert.Equal(t, "abcab", b.String())
}

func TestServeWorker(t *testing.T) {
	assert.False(t, IsWorker())
	var in, out, diag bytes.Buffer
	require.NoError(t, writeMessage(&in, requestMark, newRequest(SVG, Options{Title: "T"}), []byte("digraph {}")))
	require.Zero(t, ServeWorker(&in, &out, &diag))
	var a answer
	body, err := readMessage(&out, answerMark, &a, maxOutput)
	require.NoError(t, err)
	require.NoError(t, a.err())
	assert.Contains(t, string(body), "<title>T</title>")

	assert.Equal(t, 1, ServeWorker(strings.NewReader("rubbish"), &out, &diag))
	assert.Contains(t, diag.String(), "not a message")
	require.NoError(t, writeMessage(&in, requestMark, newRequest(SVG, Options{}), []byte("digraph {}")))
	assert.Equal(t, 1, ServeWorker(&in, failing{}, &diag))
}

func TestRequestCarriesEveryOption(t *testing.T) {
	o := Options{Layout: FDP, DPI: 9, MaxNodes: 1, MaxEdges: 2, Title: "t", Description: "d", Lang: "l"}
	var b bytes.Buffer
	require.NoError(t, writeMessage(&b, requestMark, newRequest(PDF, o), []byte("x")))
	var r request
	body, err := readMessage(&b, requestMark, &r, 1)
	require.NoError(t, err)
	assert.Equal(t, "x", string(body))
	assert.Equal(t, PDF, r.Format)
	assert.Equal(t, o, r.options())
}
