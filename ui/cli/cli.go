// Package cli is the command line: it turns arguments into settings, runs what
// main gave it, and ends with a stable exit code. Data goes to the output,
// diagnostics to the error stream.
package cli

import (
	"context"
	"errors"
	"io"
	"iter"
	"sync/atomic"
	"time"

	"charm.land/fang/v2"
	"github.com/spf13/cobra"

	"orderops/config"
	"orderops/workflow"
	"orderops/workflow/doctor"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
	"orderops/workflow/operation/sendlog"
	"orderops/workflow/orderfile"
)

// The exit codes.
const (
	ExitOK      = 0
	ExitFailed  = 1
	ExitUsage   = 2
	ExitRefused = 3 // a guard stopped it; nothing was done
	ExitPartly  = 4 // some of it was done; it is told what
	ExitUnknown = 5 // an answer was lost; it may or may not have happened
)

// Streams are where the program reads and writes, and which of them are terminals.
type Streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer

	InTerminal  bool
	OutTerminal bool
	ErrTerminal bool
	// OutSize is how many cells a line of the output's terminal has, and how many
	// lines; 0 when that is not known, nil when it is none.
	OutSize func() (width, height int)
}

// Submitter sends orders. *operation.Desk is one.
type Submitter interface {
	PlanSubmit(body []byte) operation.Plan
	Submit(ctx context.Context, body []byte) (workflow.Submission, workflow.Record, error)
	OpenSendLog(folder, sha256 string, orders int, again bool) (*sendlog.Log, error)
	PlanSubmitAll(file string, orders int, log *sendlog.Log, rate int) operation.Plan
	SubmitAll(ctx context.Context, orders iter.Seq2[orderfile.Order, error], bulk operation.Bulk) (operation.BulkProgress, error)
}

// Actions are what the commands do, given by main.
type Actions struct {
	// Version is the program's version, "" when the build does not know it.
	Version string
	// Environment is os.LookupEnv; nil means an empty environment.
	Environment func(name string) (value string, ok bool)

	// Dashboard runs until the operator quits.
	Dashboard func(ctx context.Context, settings config.Settings) error
	// Local serves the local AWS until ctx ends, and says on out where.
	Local func(ctx context.Context, settings config.Settings, out io.Writer) error
	// Audit gives the entries of the audit file since a time, oldest first, to
	// yield until it returns false; broken is how many lines can't be read.
	Audit func(since time.Time, yield func(workflow.AuditEntry) bool) (broken int, err error)
	// Policy writes the IAM policy of a tier for the deployment.
	Policy func(ctx context.Context, settings config.Settings, tier string) ([]byte, error)
	// Facts reads what the doctor judges; tier is whose permissions it asks for.
	Facts func(ctx context.Context, settings config.Settings, tier string) (doctor.Facts, error)
	// Submitter connects to the deployment.
	Submitter func(ctx context.Context, settings config.Settings) (Submitter, error)
	// Stacks are the names of the stacks that may be the order system.
	Stacks func(ctx context.Context, settings config.Settings) ([]string, error)
	// Newest are some of the newest executions, and Runs the journal's runs. They
	// change nothing, not even a file: completion asks them.
	Newest func(ctx context.Context, settings config.Settings) ([]workflow.Execution, error)
	Runs   func() ([]journal.State, error)
	// Compile reads a jq expression that edits bodies.
	Compile func(expression string) (workflow.Transform, error)
	// Edit opens a text in the operator's editor on this terminal, and gives what
	// became of it; nil when none is set.
	Edit func(ctx context.Context, name, text string) (string, error)
	// Connect connects to the deployment, for everything else.
	Connect func(ctx context.Context, settings config.Settings) (*Connection, error)
}

// program is one run of the command line.
type program struct {
	streams  Streams
	actions  Actions
	settings config.Settings
	// failure is what the command itself failed with. It stays away from cobra,
	// whose own errors are then all of them mistakes in the arguments.
	failure error
	// timeout bounds the command; 0 does not.
	timeout time.Duration
	// closed tells that nobody reads the output any more; gone then ends the command.
	closed atomic.Bool
	gone   context.CancelFunc
}

// Execute runs the command that args name and returns the exit code.
func Execute(ctx context.Context, streams Streams, actions Actions, args []string) int {
	p := &program{streams: streams, actions: actions, settings: config.Default(), gone: func() {}}
	if p.actions.Environment == nil {
		p.actions.Environment = func(string) (string, bool) { return "", false }
	}
	root := p.root()                          //nolint:contextcheck // cobra hands the context to the command that runs
	root.SetArgs(append([]string{}, args...)) // never nil, for which cobra takes os.Args
	root.SetIn(streams.In)
	root.SetOut(streams.Out)
	root.SetErr(streams.Err)
	err := fang.Execute(ctx, root,
		fang.WithVersion(p.version()),
		fang.WithoutManpage(),
		fang.WithErrorHandler(func(_ io.Writer, _ fang.Styles, err error) {
			command, rest, lost := root.Find(args)
			if lost != nil {
				command = root
			}
			if word := firstWord(command, rest); isGroup(command) && word != "" {
				err = noStrays(command, []string{word}) // sooner than what is wrong with its flags
			}
			err = inItsWords(command, err)
			p.printUsageError(command.CommandPath(), err)
		}),
	)
	if err != nil {
		return ExitUsage
	}
	if p.failure != nil {
		p.printProblem(p.failure)
	}
	return exitCode(p.failure)
}

func (p *program) version() string {
	if p.actions.Version == "" {
		return "unknown"
	}
	return p.actions.Version
}

func exitCode(err error) int {
	if err == nil {
		return ExitOK
	}
	if _, ok := errors.AsType[*config.SettingError](err); ok {
		return ExitUsage
	}
	if _, ok := errors.AsType[*config.FileError](err); ok {
		return ExitUsage
	}
	switch workflow.KindOf(err) {
	case workflow.Invalid:
		return ExitUsage
	case workflow.Refused:
		return ExitRefused
	case workflow.PartlyDone:
		return ExitPartly
	case workflow.OutcomeUnknown:
		return ExitUnknown
	default:
		return ExitFailed
	}
}

// do makes a command's function: it settles the settings and keeps the failure.
func (p *program) do(run func(ctx context.Context) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, _ []string) error {
		p.failure = p.settle(cmd)
		if p.failure == nil {
			p.failure = run(p.asking(cmd.Context()))
		}
		return nil
	}
}

// settle completes the settings by the environment and the configuration file,
// and checks them.
func (p *program) settle(cmd *cobra.Command) error {
	chosen := func(flag string) bool {
		f := cmd.Flags().Lookup(flag)
		return f != nil && f.Changed
	}
	settings, err := config.Choose(p.settings, p.actions.Environment, chosen)
	if err != nil {
		return err
	}
	p.settings = settings
	return settings.Choice.CheckKeys(checkKeys)
}
