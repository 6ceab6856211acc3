package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestCommandStories plays testdata/script: commands against a local AWS that
// runs in a process of its own. A story's first line may have the flags of its
// AWS: "# local: --wait 1s".
func TestCommandStories(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			story := env.T().(testing.TB)
			flags, err := localFlags(env)
			if err != nil {
				return err
			}
			for _, pair := range hermetic("1") {
				name, value, _ := strings.Cut(pair, "=")
				env.Setenv(name, value)
			}
			for _, name := range []string{"GORACE", "GOCOVERDIR"} {
				env.Setenv(name, os.Getenv(name))
			}
			env.Setenv("HOME", env.WorkDir)
			s := serveLocal(story, "127.0.0.1:0", flags...)
			env.Setenv("URL", s.url)
			env.Values["server"] = s
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"orderops":    orderopsCommand,
			"eventually":  eventuallyCommand,
			"remember":    rememberCommand,
			"first":       firstCommand,
			"interrupted": interruptedCommand,
			"select":      selectCommand,
			"letters":     lettersCommand,
		},
	})
}

// localFlags reads the first line of a story.
func localFlags(env *testscript.Env) ([]string, error) {
	name := env.T().(testing.TB).Name()
	text, err := os.ReadFile("testdata/script/" + name[strings.LastIndex(name, "/")+1:] + ".txt")
	if err != nil {
		return nil, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	flags, _ := strings.CutPrefix(first, "# local:")
	return predictable(strings.Fields(flags)...), nil
}

// orderopsCommand runs the program on the local AWS. Its first argument is the
// exit code that it has to end with.
func orderopsCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: orderops CODE ARGUMENT …")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := runProgram(ts, args[1:]); got != want {
		ts.Fatalf("%q: exit code %d, want %d\n%s%s", args[1:], got, want, ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
}

func runProgram(ts *testscript.TestScript, args []string) int {
	err := ts.Exec(os.Args[0], append(args, "--endpoint-url", ts.Getenv("URL"))...)
	exited, ok := errors.AsType[*exec.ExitError](err)
	switch {
	case err == nil:
		return 0
	case ok:
		return exited.ExitCode()
	}
	ts.Check(err)
	return -1
}

// eventuallyCommand runs the program until what it prints matches a pattern.
func eventuallyCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: eventually PATTERN ARGUMENT …")
	}
	pattern, err := regexp.Compile(args[0])
	ts.Check(err)
	for deadline := time.Now().Add(patience); ; {
		runProgram(ts, args[1:])
		if pattern.MatchString(ts.ReadFile("stdout")) {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("no %s in %s%s", pattern, ts.ReadFile("stdout"), ts.ReadFile("stderr"))
		}
		<-time.After(100 * time.Millisecond)
	}
}

// rememberCommand puts the first match of a pattern in what was printed, or its
// group, into a variable.
func rememberCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: remember VARIABLE PATTERN")
	}
	match := regexp.MustCompile(args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if match == nil {
		ts.Fatalf("no %s in %s", args[1], ts.ReadFile("stdout"))
	}
	ts.Setenv(args[0], match[len(match)-1])
}

// selectCommand stands for jq -c 'select(.FIELD == "VALUE")' between two commands:
// of the JSON lines that were printed it keeps those, for the next command's input.
func selectCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: select FIELD VALUE")
	}
	var kept strings.Builder
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		var object map[string]any
		ts.Check(json.Unmarshal([]byte(line), &object))
		if object[args[0]] == args[1] {
			kept.WriteString(line)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs("selected.jsonl"), []byte(kept.String()), 0o600))
}

// lettersCommand writes a file of dead letters, as an export would be: good
// orders, and a last one that nobody can read.
func lettersCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: letters NUMBER FILE")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	var b strings.Builder
	for i := range n {
		body := order(fmt.Sprintf("Burger_%d", i), 3, "Restaurant 4")
		if i == n-1 {
			body = "poison"
		}
		line, err := json.Marshal(map[string]string{"message": fmt.Sprintf("00000000-0000-4000-8000-%012d", i), "body": body})
		ts.Check(err)
		b.Write(append(line, '\n'))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(b.String()), 0o600))
}
