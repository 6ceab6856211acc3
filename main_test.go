package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/term"

	"orderops/aws"
	"orderops/config"
	"orderops/ui"
	"orderops/ui/action"
	"orderops/ui/cli"
	"orderops/ui/termtest/ptytest"
)

// patience is how long a test waits for something to happen. A passing test
// never waits that long; it is for a busy machine under the race detector.
const patience = 40 * time.Second

// atOnce is how many tests run side by side unless -parallel says otherwise:
// they wait for clocks of the local AWS, hardly ever for the processor.
const atOnce = 12

// TestMain lets the test binary be the program too, for tests that run it under
// a terminal: no build step, and -race applies to it.
func TestMain(m *testing.M) {
	switch os.Getenv("BE_PROGRAM") {
	case "1":
		main()
	case "bomb":
		os.Exit(bomb(os.Args[1:]))
	case "empty":
		os.Exit(emptyProgram())
	case "crowded":
		os.Exit(crowdedProgram())
	}
	time.Local = time.UTC // frames show the time of day
	home, err := os.MkdirTemp("", "orderops-test-")
	if err == nil {
		err = errors.Join(os.Setenv("XDG_STATE_HOME", home), os.Setenv("XDG_CONFIG_HOME", home))
	}
	if err != nil {
		panic(err)
	}
	wakeSignals()
	flag.Parse()
	chosen := false
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "test.parallel" })
	if !chosen {
		_ = flag.Set("test.parallel", strconv.Itoa(atOnce)) // else they only take longer
	}
	code := m.Run()
	_ = os.RemoveAll(home) // what is left there is the system's to clear
	os.Exit(code)
}

// wakeSignals starts the runtime's signal goroutine outside of any bubble of
// virtual time. Started by a program inside of one, it would belong to it.
func wakeSignals() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGWINCH)
	signal.Stop(signals)
}

// bomb is the program with a dashboard that panics while it draws, from the
// moment it gets SIGUSR1.
func bomb(args []string) int {
	var armed atomic.Bool
	arm := make(chan os.Signal, 1)
	signal.Notify(arm, syscall.SIGUSR1)
	go func() {
		<-arm
		armed.Store(true)
	}()
	return cli.Execute(context.Background(), cli.Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		InTerminal: term.IsTerminal(os.Stdin.Fd()), OutTerminal: term.IsTerminal(os.Stdout.Fd()),
	}, cli.Actions{
		Dashboard: func(ctx context.Context, settings config.Settings) error {
			return ui.Run(ctx, ui.Options{Connect: func(ctx context.Context) (*ui.Connection, error) {
				connection, err := connect(ctx, settings, aws.Options{}, "")
				if err == nil {
					connection.Usage = fuse{connection.Usage, &armed}
				}
				return connection, err
			}})
		},
	}, args)
}

// fuse tells the use of AWS until it is armed.
type fuse struct {
	action.Usage
	armed *atomic.Bool
}

func (f fuse) Share() float64 {
	if f.armed.Load() {
		panic("the test asked for it")
	}
	return f.Usage.Share()
}

// hermetic keeps the configuration and the files of whoever runs the tests out
// of them, and those of the other tests.
func hermetic(program string) []string {
	home, err := os.MkdirTemp(os.Getenv("XDG_STATE_HOME"), "home-")
	if err != nil {
		panic(err)
	}
	return []string{
		"BE_PROGRAM=" + program, "AWS_CONFIG_FILE=" + os.DevNull, "AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull,
		"AWS_EC2_METADATA_DISABLED=true",
		"XDG_CONFIG_HOME=" + home, "XDG_STATE_HOME=" + home,
	}
}

// bombed is hermetic for bomb. After a panic Bubble Tea closes its input while
// it is still being read; that race must not hide the exit code.
func bombed() []string { return append(hermetic("bomb"), "GORACE=exitcode=1") }

// start runs the program in a terminal of cols by rows cells.
func start(t *testing.T, cols, rows int, args ...string) *ptytest.Term {
	t.Helper()
	return ptytest.Start(t, ptytest.Options{Cols: cols, Rows: rows, Timeout: patience, Env: hermetic("1")}, os.Args[0], args...)
}

// predictable are the flags of a local AWS on which every order succeeds.
func predictable(more ...string) []string {
	return append([]string{"--seed", "7", "--payment-failure-rate", "0", "--restaurant-failure-rate", "0"}, more...)
}

// outcome is what a command without terminal left behind.
type outcome struct {
	code           int
	stdout, stderr string
}

// command runs the program without a terminal, until it ends.
func command(t *testing.T, args ...string) outcome {
	t.Helper()
	return commandIn(t, hermetic("1"), args...)
}

// commandIn runs it in another environment.
func commandIn(t *testing.T, environment []string, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), environment...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); cmd.ProcessState == nil || ctx.Err() != nil {
		t.Fatalf("%q: %v", args, err)
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// quits presses q at top level and expects a good end.
func quits(t *testing.T, p *ptytest.Term) {
	t.Helper()
	p.Key("q")
	endsWell(t, p, 0)
}

// endsWell waits for the end of the program: the exit code is as wanted, and
// the terminal as it was before.
func endsWell(t *testing.T, p *ptytest.Term, code int) {
	t.Helper()
	if got := p.WaitExit(); got != code {
		t.Errorf("exit code %d, want %d", got, code)
	}
	st := p.State()
	if st.AltScreen || !st.CursorVisible || st.Mouse || st.Paste || st.Focus || st.Sync {
		t.Errorf("the terminal is not restored: %+v", st)
	}
	if len(st.Unknown) > 0 {
		t.Errorf("unknown sequences were sent: %q", st.Unknown)
	}
}
