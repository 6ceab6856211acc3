package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// firstCommand runs the program and reads so many lines of its output, as head
// does, then nothing more. It has to end with success, as if nothing had happened.
func firstCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: first LINES ARGUMENT …")
	}
	lines, err := strconv.Atoi(args[0])
	ts.Check(err)
	cmd, out := startProgram(ts, args[1:])
	reader := bufio.NewReader(out)
	var read strings.Builder
	for range lines {
		line, err := reader.ReadString('\n')
		ts.Check(err)
		read.WriteString(line)
	}
	ts.Check(out.Close())
	awaitProgram(ts, cmd, 0, read.String())
}

// interruptedCommand runs the program, presses ctrl+c after its first line, and
// wants it to end with an exit code.
func interruptedCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: interrupted CODE ARGUMENT …")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	cmd, out := startProgram(ts, args[1:])
	reader := bufio.NewReader(out)
	first, err := reader.ReadString('\n')
	ts.Check(err)
	ts.Check(cmd.Process.Signal(os.Interrupt))
	rest, err := io.ReadAll(reader)
	ts.Check(err)
	awaitProgram(ts, cmd, want, first+string(rest))
}

// startProgram starts the program, whose output is a pipe.
func startProgram(ts *testscript.TestScript, args []string) (*exec.Cmd, io.ReadCloser) {
	cmd := exec.CommandContext(context.Background(), os.Args[0], append(args, "--endpoint-url", ts.Getenv("URL"))...)
	cmd.Dir = ts.Getenv("WORK")
	for _, name := range []string{"BE_PROGRAM", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_EC2_METADATA_DISABLED", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME", "PATH", "GORACE", "GOCOVERDIR"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	cmd.Stderr = new(strings.Builder)
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	return cmd, out
}

// awaitProgram waits for the program, and keeps what it printed for the next lines.
func awaitProgram(ts *testscript.TestScript, cmd *exec.Cmd, want int, printed string) {
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait() // its state tells
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(patience):
		_ = cmd.Process.Kill() // it has failed already
		ts.Fatalf("%q did not end", cmd.Args[1:])
	}
	if got := cmd.ProcessState.ExitCode(); got != want {
		ts.Fatalf("%q: exit code %d, want %d\n%s%s", cmd.Args[1:], got, want, printed, cmd.Stderr)
	}
	_, err := io.WriteString(ts.Stdout(), printed)
	ts.Check(err)
	_, err = io.WriteString(ts.Stderr(), fmt.Sprint(cmd.Stderr))
	ts.Check(err)
}
