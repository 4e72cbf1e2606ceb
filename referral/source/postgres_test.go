// SPDX-License-Identifier: Apache-2.0

package source_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
)

// server is the PostgreSQL server of the tests of this package, started by the
// first that asks: on the loopback interface, with its data in a temporary folder.
var server struct {
	once     sync.Once
	port     string
	stop     func()
	err      error
	database atomic.Int64
}

func TestMain(m *testing.M) {
	code := m.Run()
	if server.stop != nil {
		server.stop()
	}
	os.Exit(code)
}

// postgres is a new database on the server.
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
	server.once.Do(func() { server.err = startPostgres(bin) })
	require.NoError(t, server.err)
	name := fmt.Sprintf("test%d", server.database.Add(1))
	admin, err := openPostgres("postgres")
	require.NoError(t, err)
	defer func() { _ = admin.Close() }()
	_, err = admin.ExecContext(t.Context(), "CREATE DATABASE "+name)
	require.NoError(t, err)
	db, err := openPostgres(name)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func openPostgres(database string) (*sql.DB, error) {
	return sql.Open("pgx", "postgres://test@127.0.0.1:"+server.port+"/"+database+"?sslmode=disable")
}

func startPostgres(bin string) error {
	base, err := os.MkdirTemp("", "oncoref-postgres-")
	if err != nil {
		return err
	}
	server.stop = func() { _ = os.RemoveAll(base) }
	data := filepath.Join(base, "data")
	user, err := postgresUser(base)
	if err != nil {
		return err
	}
	if out, err := asUser(user, filepath.Join(bin, "initdb"), "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync").CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	if server.port, err = freePort(); err != nil {
		return err
	}
	process := asUser(user, filepath.Join(bin, "postgres"), "-D", data, "-p", server.port,
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off",
		"-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "shared_buffers=128MB", "-c", "work_mem=256MB", "-c", "jit=off")
	log, err := os.Create(filepath.Join(base, "log"))
	if err != nil {
		return err
	}
	process.Stdout, process.Stderr = log, log
	if err := process.Start(); err != nil {
		return err
	}
	server.stop = func() {
		_ = process.Process.Signal(os.Interrupt) // fast shutdown
		_ = process.Wait()
		_ = log.Close()
		_ = os.RemoveAll(base)
	}
	db, err := openPostgres("postgres")
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if err = db.PingContext(context.Background()); err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			text, _ := os.ReadFile(log.Name())
			return fmt.Errorf("PostgreSQL did not start: %w\n%s", err, text)
		}
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
func postgresUser(base string) (string, error) {
	if os.Getuid() != 0 {
		return "", nil
	}
	for _, user := range [...]string{"postgres", "nobody"} {
		if exec.Command("chown", user, base).Run() == nil {
			return user, nil
		}
	}
	return "", errors.New("running as root, and neither postgres nor nobody is a user")
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

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
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
