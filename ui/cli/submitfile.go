package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"orderops/config"
	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/operation"
	"orderops/workflow/operation/sendlog"
	"orderops/workflow/orderfile"
)

// fileFlags are how the orders of a file are sent.
type fileFlags struct {
	path   string
	format string
	rate   int
	again  bool
	doubts bool
}

func (f *fileFlags) add(flags *pflag.FlagSet) {
	flags.StringVarP(&f.path, "file", "f", "", "send the orders of a file: JSON lines or CSV; - is the standard input")
	flags.StringVar(&f.format, "format", "", "of the file: jsonl or csv; by default by its name, else jsonl")
	flags.IntVar(&f.rate, "rate", 0, "orders a second; by default as fast as the queue takes them")
	flags.BoolVar(&f.again, "again", false, "send a file that was sent before, as new orders")
	flags.BoolVar(&f.doubts, "resend-unknown", false, "also send what an earlier run left in doubt; it may become two orders")
	flags.Lookup("rate").DefValue = ""
}

// check finds what can't be used, or has no meaning together.
func (f fileFlags) check(one submitFlags) error {
	switch {
	case one.user != "" || one.quantity != "" || one.restaurant != "":
		return &config.SettingError{Setting: "--file", Reason: "has the orders already", Next: "Leave out --user, --quantity and --restaurant."}
	case f.format != "" && f.format != string(orderfile.JSONLines) && f.format != string(orderfile.CSV):
		return &config.SettingError{Setting: "--format", Reason: fmt.Sprintf("is %q, must be jsonl or csv", f.format), Next: "See orderops submit --help"}
	case f.rate < 0:
		return &config.SettingError{Setting: "--rate", Reason: "is negative", Next: "Give orders a second, such as 100."}
	case f.again && f.doubts:
		return &config.SettingError{Setting: "--again", Reason: "sends all as new orders; --resend-unknown goes on with an earlier run", Next: "Leave out one of the two."}
	}
	if err := checkOutput(one.output); err != nil && one.output != formatJSONLines {
		return &config.SettingError{Setting: "--output", Reason: "is " + fmt.Sprintf("%q", one.output) + ", must be table, json or jsonl", Next: "See orderops submit --help"}
	}
	return nil
}

func (f fileFlags) kind() orderfile.Format {
	switch {
	case f.format != "":
		return orderfile.Format(f.format)
	case strings.EqualFold(filepath.Ext(f.path), ".csv"):
		return orderfile.CSV
	}
	return orderfile.JSONLines
}

// submitFile checks the whole file before the first order is sent, then sends
// what no earlier run has sent.
func (p *program) submitFile(ctx context.Context, f fileFlags, one submitFlags) error {
	if err := f.check(one); err != nil {
		return err
	}
	if !one.dryRun {
		if err := p.unlocked(submitFileOrders); err != nil {
			return err
		}
	}
	file, done, err := p.openOrders(f.path)
	if err != nil {
		return err
	}
	defer done()
	digest := sha256.New()
	summary, err := orderfile.Check(io.TeeReader(file, digest), f.kind())
	if err != nil {
		return unreadable(f.path, err)
	}
	if summary.Wrong > 0 {
		return mistakes(f.path, summary)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return unreadable(f.path, err)
	}
	submitter, err := p.actions.Submitter(ctx, p.settings)
	if err != nil {
		return err
	}
	folder := config.StatePath(p.actions.Environment, "submits")
	log, err := submitter.OpenSendLog(folder, hex.EncodeToString(digest.Sum(nil)), summary.Orders, f.again && !one.dryRun)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // what it says is on the disk
	if one.dryRun {
		return p.printPlan(submitter.PlanSubmitAll(f.path, summary.Orders, log, f.rate), nil, one.output)
	}
	if log.Taken() == summary.Orders && summary.Orders > 0 {
		return &workflow.Problem{
			Kind: workflow.Refused, Operation: submitFileOrders, Target: f.path,
			Reason: "all of its orders were sent before, beginning at " + log.Head().At.Local().Format(time.DateTime) + "; nothing was sent",
			Next:   "Send it with --again if every order is meant a second time.",
		}
	}
	if f.doubts {
		if err := log.Settle(); err != nil {
			return err
		}
	}
	return p.sendOrders(ctx, submitter, orderfile.Read(file, f.kind()), log, f, one.output)
}

const submitFileOrders = "submit the orders of a file"

// openOrders opens the file. The standard input can be read only once, so it is
// put into a file first, which done removes.
func (p *program) openOrders(path string) (file *os.File, done func(), err error) {
	if path != "-" {
		file, err = os.Open(path)
		if err != nil {
			return nil, nil, unreadable(path, err)
		}
		return file, func() { _ = file.Close() }, nil // it was only read
	}
	file, err = os.CreateTemp("", "orderops-*")
	if err != nil {
		return nil, nil, unreadable(path, err)
	}
	done = func() {
		_ = file.Close()
		_ = os.Remove(file.Name())
	}
	if _, err = io.Copy(file, p.streams.In); err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		done()
		return nil, nil, unreadable("the standard input", err)
	}
	return file, done, nil
}

func unreadable(path string, err error) error {
	reason := err.Error()
	if wrong, ok := errors.AsType[*os.PathError](err); ok {
		reason = wrong.Err.Error()
	}
	return &workflow.Problem{Kind: workflow.Invalid, Operation: "read the orders", Target: path, Reason: reason, Next: "Check the path. Nothing was sent.", Err: err}
}

// mistakes tells the first lines that can't be sent.
func mistakes(path string, s orderfile.Summary) error {
	lines := make([]string, 0, len(s.Mistakes)+1)
	for _, m := range s.Mistakes {
		lines = append(lines, m.Error())
	}
	if more := s.Wrong - len(s.Mistakes); more > 0 {
		lines = append(lines, fmt.Sprintf("and %d lines more", more))
	}
	return &workflow.Problem{
		Kind: workflow.Invalid, Operation: "read the orders", Target: path,
		Reason: fmt.Sprintf("%d of %d orders can't be sent; nothing was sent: %s", s.Wrong, s.Wrong+s.Orders, strings.Join(lines, "; ")),
		Next:   "Mend these lines and send the file again.",
	}
}

// acceptedOrder is the JSON line of one order that was taken.
type acceptedOrder struct {
	Line    int                `json:"line"`
	OrderID workflow.MessageID `json:"order_id"`
}

// submittedFile is the JSON of what came of a file.
type submittedFile struct {
	Orders   int      `json:"orders"`
	Accepted int      `json:"accepted"`
	Refused  int      `json:"refused"`
	Unknown  []string `json:"unknown"`
}

func (p *program) sendOrders(
	ctx context.Context, submitter Submitter, orders iter.Seq2[orderfile.Order, error], log *sendlog.Log, f fileFlags, format string,
) error {
	bulk := operation.Bulk{Log: log, Rate: f.rate}
	if p.format(format) == formatJSONLines {
		bulk.Accepted = func(order orderfile.Order, id workflow.MessageID) {
			line, _ := json.Marshal(acceptedOrder{Line: order.Line, OrderID: id}) // numbers and texts always can
			p.print("%s\n", harmless(string(line)))
		}
	}
	if p.streams.ErrTerminal {
		bulk.Progress = func(b operation.BulkProgress) {
			_, _ = fmt.Fprintf(p.streams.Err, "\r%d of %d sent ", b.Taken, log.Head().Orders)
		}
		defer func() { _, _ = fmt.Fprintln(p.streams.Err) }()
	}
	progress, err := submitter.SubmitAll(ctx, orders, bulk)
	out := submittedFile{Orders: log.Head().Orders, Accepted: log.Taken(), Refused: progress.Refused, Unknown: spans(log.Doubtful())}
	switch p.format(format) {
	case formatJSON:
		if printErr := p.printJSON(out); printErr != nil {
			return printErr
		}
	case formatTable:
		p.printLines([][2]string{
			{"orders", fmt.Sprint(out.Orders)},
			{"accepted", fmt.Sprint(out.Accepted)},
			{"refused", fmt.Sprint(out.Refused)},
			{"unknown", fmt.Sprint(len(out.Unknown))},
		})
	}
	if err != nil && progress.Reason == "" {
		progress.Reason = err.Error()
	}
	return errors.Join(unfinished(f.path, out, progress), err)
}

// unfinished tells what is left and how to go on; nil when nothing is.
func unfinished(path string, out submittedFile, progress operation.BulkProgress) error {
	switch {
	case len(out.Unknown) > 0:
		return &workflow.Problem{
			Kind: workflow.OutcomeUnknown, Operation: submitFileOrders, Target: path,
			Reason: "answers were lost: the orders " + text.Cut(strings.Join(out.Unknown, ", "), 400) + " of the file may or may not be on the queue",
			Next:   "Look for them among the executions. Then send the same file again: without more to go on without them, with --resend-unknown to send them too.",
		}
	case out.Accepted < out.Orders:
		reason := fmt.Sprintf("%d of %d orders were not sent", out.Orders-out.Accepted, out.Orders)
		if progress.Reason != "" {
			reason += ": " + progress.Reason
		}
		return &workflow.Problem{Kind: workflow.PartlyDone, Operation: submitFileOrders, Target: path, Reason: reason, Next: "Send the same file again: it goes on where it stopped."}
	}
	return nil
}

// spans tells orders by their numbers, counted from 1.
func spans(list []sendlog.Span) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = fmt.Sprint(s.First + 1)
		if s.End-s.First > 1 {
			out[i] += fmt.Sprintf("–%d", s.End)
		}
	}
	return out
}
