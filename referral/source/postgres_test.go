// SPDX-License-Identifier: Apache-2.0

package source_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
)

// postgres is a server of its own for the tests of one package, on the loopback
// interface, with its data in a temporary folder.
func postgres(t *testing.T) *sql.DB {
	t.Helper()
	bin := postgresPrograms()
	if bin == "" {
		const missing = "PostgreSQL is not installed (Debian package postgresql): the pushdown is not tested against a server"
		if os.Getenv("CI") == "true" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	base, err := os.MkdirTemp("", "oncoref-postgres-")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(base) })
	data := filepath.Join(base, "data")
	user := postgresUser(t, base)
	out, err := asUser(user, filepath.Join(bin, "initdb"), "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync").CombinedOutput()
	require.NoError(t, err, string(out))

	port := freePort(t)
	server := asUser(user, filepath.Join(bin, "postgres"), "-D", data, "-p", port,
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off",
		"-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "shared_buffers=128MB", "-c", "work_mem=256MB", "-c", "jit=off")
	log, err := os.Create(filepath.Join(base, "log"))
	require.NoError(t, err)
	server.Stdout, server.Stderr = log, log
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Signal(os.Interrupt) // fast shutdown
		_ = server.Wait()
		_ = log.Close()
	})
	db, err := sql.Open("pgx", "postgres://test@127.0.0.1:"+port+"/postgres?sslmode=disable")
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	deadline := time.Now().Add(30 * time.Second)
	for {
		err := db.PingContext(t.Context())
		if err == nil {
			return db
		}
		if time.Now().After(deadline) {
			text, _ := os.ReadFile(log.Name())
			t.Fatalf("PostgreSQL did not start: %v\n%s", err, text)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// postgresPrograms gives the folder of the server's programs, which Debian does
// not put into the path; "" if there is none.
func postgresPrograms() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	slices.Sort(found)
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1])
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	return ""
}

// postgresUser gives the user that the server runs as: it refuses root.
func postgresUser(t *testing.T, base string) string {
	t.Helper()
	if os.Getuid() != 0 {
		return ""
	}
	for _, user := range [...]string{"postgres", "nobody"} {
		if exec.Command("chown", user, base).Run() == nil {
			return user
		}
	}
	t.Fatal("running as root, and neither postgres nor nobody is a user")
	return ""
}

func asUser(user, program string, args ...string) *exec.Cmd {
	if user != "" {
		args = append([]string{"--reuid", user, "--clear-groups", "--", program}, args...)
		program = "setpriv"
	}
	c := exec.Command(program, args...)
	c.Dir = os.TempDir()
	return c
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	return port
}

// load makes a table of a CSV text with a header, all columns text but seq,
// year and date.
func load(t *testing.T, db *sql.DB, table, header string, csv io.Reader) {
	t.Helper()
	columns := strings.Split(strings.TrimSpace(header), ",")
	for i, c := range columns {
		kind := "text"
		switch c {
		case "seq", "year":
			kind = "integer"
		case "date":
			kind = "date"
		}
		columns[i] = fmt.Sprintf("%q %s", c, kind)
	}
	_, err := db.ExecContext(t.Context(), fmt.Sprintf("CREATE TABLE %s (%s)", table, strings.Join(columns, ", ")))
	require.NoError(t, err)
	conn, err := db.Conn(t.Context())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	require.NoError(t, conn.Raw(func(driver any) error {
		_, err := driver.(*stdlib.Conn).Conn().PgConn().CopyFrom(context.Background(), csv, "COPY "+table+" FROM STDIN (FORMAT csv, HEADER)")
		return err
	}))
	_, err = db.ExecContext(t.Context(), "ANALYZE "+table)
	require.NoError(t, err)
}
