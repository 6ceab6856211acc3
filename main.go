// Orderops is the terminal dashboard and admin tool of the order system.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/charmbracelet/x/term"

	"orderops/aws"
	"orderops/aws/local"
	"orderops/aws/playground"
	"orderops/aws/rehearsal"
	"orderops/config"
	"orderops/ui"
	"orderops/ui/cli"
	"orderops/ui/jq"
	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/doctor"
	"orderops/workflow/operation"
	"orderops/workflow/operation/journal"
)

func main() {
	os.Exit(run(os.Args[1:], cli.Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		InTerminal: term.IsTerminal(os.Stdin.Fd()), OutTerminal: term.IsTerminal(os.Stdout.Fd()), ErrTerminal: term.IsTerminal(os.Stderr.Fd()),
		OutSize: func() (int, int) { width, height, _ := term.GetSize(os.Stdout.Fd()); return width, height }, // 0 when it is not known
	}))
}

// run is the whole program; it returns the exit code.
func run(args []string, streams cli.Streams) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	// A reader that is gone ends a command in order, not at once: leases are given back.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	var sessions sessions
	defer sessions.close()
	return cli.Execute(ctx, streams, cli.Actions{
		Version:     version(),
		Environment: os.LookupEnv,
		Dashboard:   dashboard,
		Local:       serve,
		Compile:     jq.Compile,
		Edit:        editorOf(streams),
		Audit: func(since time.Time, yield func(workflow.AuditEntry) bool) (int, error) {
			return aws.ReadAudit(config.StatePath(os.LookupEnv, auditFile), since, yield)
		},
		Policy: func(ctx context.Context, settings config.Settings, tier string) ([]byte, error) {
			session, err := sessions.connect(ctx, settings)
			if err != nil {
				return nil, err
			}
			return session.Policy(ctx, tier)
		},
		Facts: func(ctx context.Context, settings config.Settings, tier string) (doctor.Facts, error) {
			session, err := aws.Connect(ctx, settings, aws.Options{})
			if err != nil {
				return doctor.Facts{}, err
			}
			return session.Facts(ctx, tier), nil
		},
		Submitter: func(ctx context.Context, settings config.Settings) (cli.Submitter, error) {
			thrifty()
			session, err := sessions.connect(ctx, settings)
			if err != nil {
				return nil, err
			}
			return desk(session, nil, settings.JournalDays), nil
		},
		Stacks: aws.Stacks,
		Newest: func(ctx context.Context, settings config.Settings) ([]workflow.Execution, error) {
			session, err := aws.Connect(ctx, settings, aws.Options{})
			if err != nil {
				return nil, err
			}
			list, _, err := session.Execution.List(ctx, newestOffered)
			return list, err
		},
		Runs: func() ([]journal.State, error) {
			folder := config.StatePath(os.LookupEnv, journalFolder)
			if _, err := os.Stat(folder); err != nil {
				return nil, err
			}
			j, err := journal.Open(folder)
			if err != nil {
				return nil, err
			}
			return j.Runs()
		},
		Connect: func(ctx context.Context, settings config.Settings) (*cli.Connection, error) {
			session, err := sessions.connect(ctx, settings)
			if err != nil {
				return nil, err
			}
			return commanded(session, connection(session, config.StatePath(os.LookupEnv, journalFolder), settings.JournalDays)), nil
		},
	}, args)
}

// newestOffered is how many executions a shell offers to complete.
const newestOffered = 50

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return ""
}

// thrifty trades processor time, of which the dashboard uses little, for memory:
// it may stay open all day with 100,000 rows. Go lets garbage grow by this
// percentage of what is in use before it collects. At the start, with little in
// use, that would only be in the way of the first frame.
func thrifty() { debug.SetGCPercent(30) }

// dashboard shows the terminal dashboard on AWS, or on a local cloud.
func dashboard(ctx context.Context, settings config.Settings) error {
	if !settings.Local {
		audit, err := openAudit(settings)
		if err != nil {
			return err
		}
		if audit != nil {
			defer closeAudit(audit)
		}
		return ui.Run(ctx, live(settings, nil, audit))
	}
	if settings.Scenario == config.ScenarioList {
		return listScenarios(os.Stdout)
	}
	p, err := playground.New(settings, "")
	if err != nil {
		return err
	}
	defer p.Close()
	// The messages of a local AWS end with it, and so does their journal.
	archive, err := os.MkdirTemp("", "orderops-journal-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(archive) }() // what is left there is the system's to clear
	options := dressed(settings)
	// Connecting may be tried again, deploying not.
	deployed := sync.OnceValue(p.Deploy)
	options.Connect = func(ctx context.Context) (*ui.Connection, error) {
		if err := deployed(); err != nil {
			return nil, err
		}
		return connectLocal(ctx, settings, p.Cloud, archive)
	}
	return ui.Run(ctx, options)
}

// sessions are what one command connected to: one session, if any.
type sessions struct{ audits []*aws.Audit }

// connect connects for one command.
func (s *sessions) connect(ctx context.Context, settings config.Settings) (*aws.Session, error) {
	audit, err := openAudit(settings)
	if err != nil {
		return nil, err
	}
	if audit != nil {
		s.audits = append(s.audits, audit)
	}
	session, err := aws.Connect(ctx, settings, aws.Options{Audit: audit})
	if err != nil {
		return nil, err
	}
	if settings.Production && settings.Reason != "" {
		if _, err := session.Guard.Unlock(settings.Reason); err != nil {
			return nil, err
		}
	}
	return session, nil
}

// close closes the audit files, and says what could not be written into them.
func (s *sessions) close() {
	for _, audit := range s.audits {
		closeAudit(audit)
	}
}

// live are the options of a dashboard on AWS. wrong is why the settings can't be
// used; the dashboard then says so.
func live(settings config.Settings, wrong error, audit *aws.Audit) ui.Options {
	settings.ReadOnly = settings.ReadOnly || audit == nil // what can't be written down is not done
	options := dressed(settings)
	options.Connect = func(ctx context.Context) (*ui.Connection, error) {
		if wrong != nil {
			return nil, aws.SettingProblem(wrong)
		}
		return connect(ctx, settings, aws.Options{Audit: audit}, config.StatePath(os.LookupEnv, journalFolder))
	}
	options.Context, options.Contexts = settings.Context, settings.Choice.Contexts()
	resumable(&options, settings)
	options.Switch = func(name string) ui.Options {
		other, err := settings.Choice.Switch(name)
		if err != nil {
			other = settings
			other.Context = name
		}
		return live(other, err, audit)
	}
	return options
}

// resumable lets a dashboard go on with how its context was left, where there is
// a home to keep that in.
func resumable(options *ui.Options, settings config.Settings) {
	path := config.StatePath(os.LookupEnv, viewFile)
	if path == "" {
		return
	}
	context := cmp.Or(settings.Context, strings.Join([]string{"without a context:", settings.Profile, settings.Region, settings.EndpointURL, settings.Stack}, " "))
	options.View, options.ViewProblem = config.ReadView(path, context)
	options.KeepView = func(view config.View) {
		if err := config.WriteView(path, context, view); err != nil {
			fmt.Fprintf(os.Stderr, "orderops: the view is not kept for the next time: %v\n", err)
		}
	}
}

// viewFile is the name of the file that keeps how contexts were left.
const viewFile = "view.json"

// dressed are the options that every dashboard has.
func dressed(settings config.Settings) ui.Options {
	options := ui.Options{
		Local: settings.Local, NoColour: os.Getenv("NO_COLOR") != "", Parting: parting,
		Notify: settings.Notify, Refresh: settings.Refresh, Keys: settings.Keys, Compile: jq.Compile, Editor: editor(),
		Screen:    os.Getenv("STY") != "",
		Clipboard: ui.DesktopClipboard(runtime.GOOS, os.Getenv, exec.LookPath),
		Guard:     workflow.NewGuard(settings.ReadOnly, settings.Production, settings.UnlockFor),
	}
	switch settings.Theme {
	case config.ThemeDark:
		options.Background = ui.Dark
	case config.ThemeLight:
		options.Background = ui.Light
	}
	return options
}

// editor is the command line of the operator's editor, "" when none is set.
func editor() string { return cmp.Or(os.Getenv("VISUAL"), os.Getenv("EDITOR")) }

// editorOf lets commands open the editor on their terminal.
func editorOf(streams cli.Streams) func(ctx context.Context, name, text string) (string, error) {
	command := editor()
	if command == "" {
		return nil
	}
	return func(ctx context.Context, name, text string) (string, error) {
		return ui.Edit(ctx, command, name, text, streams.In, streams.Out, streams.Err)
	}
}

// journalFolder is the name of the journal's folder.
const journalFolder = "journal"

// auditFile is the audit file's name.
const auditFile = "audit.jsonl"

// openAudit opens the audit file. Where it can't be kept, nothing may be changed:
// who only looks goes on without one, and gets nil.
func openAudit(settings config.Settings) (*aws.Audit, error) {
	path := config.StatePath(os.LookupEnv, auditFile)
	var audit *aws.Audit
	var err error = &workflow.Problem{
		Kind: workflow.Invalid, Operation: "open the audit file", Reason: "there is no home directory to keep it in",
		Next: "Set HOME or XDG_STATE_HOME, or only look, with --read-only.",
	}
	if path != "" {
		audit, err = aws.OpenAudit(path)
	}
	if err != nil && settings.ReadOnly {
		return nil, nil //nolint:nilnil // nothing is written into it
	}
	return audit, err
}

// closeAudit closes the audit file, and tells on the shell what is not in it.
func closeAudit(audit *aws.Audit) {
	if err := errors.Join(audit.Err(), audit.Close()); err != nil {
		fmt.Fprintf(os.Stderr, "orderops: the audit file is not complete: %s\n", text.Clean(err.Error()))
	}
}

// parting tells on the shell what the dashboard could not show any more.
func parting(ended []workflow.Record, left int) {
	for _, r := range ended {
		fmt.Fprintf(os.Stderr, "orderops: while leaving: %s %s: %s. %s\n", r.Verb, text.Clean(r.Target), r.Outcome, text.Clean(r.Detail))
	}
	if left > 0 {
		fmt.Fprintf(os.Stderr, "orderops: %d operation(s) had no answer when the program ended: look before you do them again\n", left)
	}
}

// connectLocal connects to a local cloud as an operator.
func connectLocal(ctx context.Context, settings config.Settings, cloud *local.Cloud, archive string) (*ui.Connection, error) {
	reached := config.Default()
	reached.ReadOnly, reached.EndpointURL, reached.Region = settings.ReadOnly, cloud.URL(), cloud.Region()
	return connect(ctx, reached, aws.Options{
		HTTPClient: cloud.HTTPClient(), Credentials: credentials.NewStaticCredentialsProvider(playground.OperatorKey, "local", ""),
	}, archive)
}

func connect(ctx context.Context, settings config.Settings, options aws.Options, archive string) (*ui.Connection, error) {
	defer thrifty()
	session, err := aws.Connect(ctx, settings, options)
	if err != nil {
		return nil, err
	}
	return connection(session, archive, settings.JournalDays), nil
}

// connection is a session as the dashboard sees it. The journal in archive forgets
// what is older than keepDays.
func connection(session *aws.Session, archive string, keepDays int) *ui.Connection {
	desk := desk(session, openJournal(archive), keepDays)
	_, _ = desk.Forget() // what can't be deleted now is at the next start
	return &ui.Connection{
		Deployment: session.Deployment, Desk: desk, Guard: session.Guard, Usage: usage{session},
		Queue: session.Queue, Executions: session.Execution, Orders: session.Order, Topic: session.Topic,
		Logs: session.Logs, Consumer: session.Consumer, Metrics: session.Metric, Skew: session.Skew(),
	}
}

// commanded is a connection as commands see it.
func commanded(session *aws.Session, c *ui.Connection) *cli.Connection {
	return &cli.Connection{Deployment: c.Deployment, Desk: c.Desk, Ask: c.Ask, List: session.Execution.Page, Page: session.Order.Page, FunctionLog: session.Logs.Function}
}

// openJournal opens the journal of what is done to dead letters. Where it can't
// be kept there is none, and what needs it says so.
func openJournal(dir string) *journal.Journal {
	if dir == "" {
		return nil
	}
	j, err := journal.Open(dir)
	if err != nil {
		return nil
	}
	return j
}

func desk(session *aws.Session, j *journal.Journal, keepDays int) *operation.Desk {
	return operation.NewDesk(session.Deployment, session.Queue, session.Execution, operation.Options{
		Operator: session.Identity, Guard: session.Guard, Rows: session.Order, Describer: session.Execution, Consumer: session.Consumer, Switch: session.Consumer,
		Journal: j, KeepDays: keepDays,
	})
}

// usage tells the dashboard what the session has asked of AWS.
type usage struct{ session *aws.Session }

func (u usage) Share() float64          { return u.session.Budget.Share() }
func (u usage) APIs() []workflow.APIUse { return u.session.Budget.Use() }
func (u usage) Calls() []workflow.Call  { return u.session.Calls.Recent(500) }

// whyNot is what the system said of a call, without what was called.
func whyNot(err error) string {
	if refused, ok := errors.AsType[*os.SyscallError](err); ok {
		return refused.Err.Error()
	}
	return err.Error()
}

// serve runs the local cloud on a loopback address until ctx ends.
func serve(ctx context.Context, settings config.Settings, out io.Writer) error {
	if settings.Scenario == config.ScenarioList {
		return listScenarios(out)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", settings.Listen)
	if err != nil {
		return &workflow.Problem{
			Kind: workflow.Invalid, Operation: "listen", Target: settings.Listen, Reason: whyNot(err),
			Next: "Choose another address with --listen, such as 127.0.0.1:4567", Err: err,
		}
	}
	url := "http://" + listener.Addr().String()
	p, err := playground.New(settings, url)
	if err != nil {
		_ = listener.Close() // the scenario's error is the one to tell
		return err
	}
	defer p.Close()
	if err := p.Deploy(); err != nil {
		_ = listener.Close() // the deployment's error is the one to tell
		return err
	}
	server := &http.Server{Handler: p.Cloud.Handler(), ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	if _, err := fmt.Fprintf(out, "The order system runs on a local AWS at %s (region %s). ctrl+c stops it.\n\n"+
		"  orderops --endpoint-url %s\n  curl -d '{\"user_id\":\"Burger_20\",\"quantity\":\"3\",\"restaurant_id\":\"Restaurant 4\"}' -H 'Content-Type: application/json' %s/Dev/orders/\n",
		url, p.Cloud.Region(), url, url); err != nil {
		return err
	}
	if err := announce(out, p.Title); err != nil {
		return err
	}
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	shut, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := server.Shutdown(shut); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// announce says on out what is rehearsed.
func announce(out io.Writer, title string) error {
	if title == "" {
		return nil
	}
	_, err := fmt.Fprintf(out, "\nRehearsal: %s.\n", text.Clean(title))
	return err
}

// listScenarios prints the scenarios that come with the program.
func listScenarios(out io.Writer) error {
	var problems []error
	for _, name := range rehearsal.Names() {
		s, err := rehearsal.Load(name)
		problems = append(problems, err)
		if err == nil {
			_, err = fmt.Fprintf(out, "%-18s %s\n", name, s.Title)
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}
