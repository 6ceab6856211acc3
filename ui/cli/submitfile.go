package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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
	folder := config.StatePath(p.actions.Environment, "submits")
	digest, orders, err := checkOrders(file, f, folder)
	if err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return unreadable(f.path, err)
	}
	submitter, err := p.actions.Submitter(ctx, p.settings)
	if err != nil {
		return err
	}
	log, err := submitter.OpenSendLog(folder, digest, orders, f.again && !one.dryRun)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }() // what it says is on the disk
	if one.dryRun {
		return p.printPlan(submitter.PlanSubmitAll(f.path, orders, log, f.rate), nil, one.output.format)
	}
	if log.Taken() == orders && orders > 0 {
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
	left := orderfile.ReadSome(file, f.kind(), func(number int) bool { return log.Open(number) || log.InDoubt(number) })
	return p.sendOrders(ctx, submitter, left, log, f, one.output)
}

// checkOrders reads the whole file: its digest, and how many orders it has, none of
// which can't be sent. What a log is about was checked before.
func checkOrders(file *os.File, f fileFlags, folder string) (digest string, orders int, err error) {
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", 0, unreadable(f.path, err)
	}
	digest = hex.EncodeToString(hash.Sum(nil))
	if orders, known := sendlog.Orders(folder, digest); known {
		return digest, orders, nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", 0, unreadable(f.path, err)
	}
	summary, err := orderfile.Check(file, f.kind())
	if err != nil {
		return "", 0, unreadable(f.path, err)
	}
	if summary.Wrong > 0 {
		return "", 0, mistakes(f.path, summary)
	}
	return digest, summary.Orders, nil
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

// fileResult is what came of a file.
type fileResult struct {
	orders, accepted, refused int
	unknown                   []sendlog.Span
}

func (p *program) sendOrders(
	ctx context.Context, submitter Submitter, orders iter.Seq2[orderfile.Order, error], log *sendlog.Log, f fileFlags, o output,
) error {
	report := p.reporting(o)
	began, before := time.Now(), log.Taken()
	bulk := operation.Bulk{Log: log, Rate: f.rate, Result: report.add}
	bulk.Progress = func(b operation.BulkProgress) {
		p.progress("%s of %s orders sent%s", text.Count(b.Taken), text.Count(log.Head().Orders), pace(b.Taken-before, log.Head().Orders-b.Taken, time.Since(began)))
	}
	progress, err := submitter.SubmitAll(ctx, orders, bulk)
	p.progress("")
	result := fileResult{orders: log.Head().Orders, accepted: log.Taken(), refused: progress.Refused, unknown: log.Doubtful()}
	report.end(result)
	if err != nil && progress.Reason == "" {
		progress.Reason = err.Error()
	}
	return errors.Join(report.err, unfinished(f.path, result, progress), err)
}

// pace tells how fast orders go, and how long the others take at that; nothing
// in the first second.
func pace(sent, left int, took time.Duration) string {
	if took < time.Second || sent <= 0 {
		return ""
	}
	rest := time.Duration(float64(took) * float64(left) / float64(sent)).Round(time.Second)
	return fmt.Sprintf(", %s/s, %s left", text.Count(int(float64(sent)/took.Seconds())), rest)
}

// report prints what became of the orders of a file, one after another. A table
// has a row only for those that were not accepted, and ends with the counts.
type report struct {
	p   *program
	o   output
	out *printer[submission]
	err error
}

func (p *program) reporting(o output) *report {
	r := &report{p: p, o: o}
	if p.format(o.format) != formatTable {
		r.out = submissionSheet().open(p, o, false)
	}
	return r
}

func (r *report) add(order orderfile.Order, result operation.OrderResult) {
	if r.p.format(r.o.format) == formatTable {
		if result.Outcome == workflow.Done {
			return
		}
		r.p.progress("")
		if r.out == nil {
			r.out = submissionSheet().open(r.p, r.o, true)
		}
	}
	r.err = errors.Join(r.err, r.out.add(submissionOfLine(order, result)))
}

func (r *report) end(result fileResult) {
	if r.out != nil {
		r.out.end()
	}
	if r.p.format(r.o.format) != formatTable {
		return
	}
	unknown := 0
	for _, s := range result.unknown {
		unknown += s.End - s.First
	}
	r.p.printLines([][2]string{
		{"orders", fmt.Sprint(result.orders)},
		{"accepted", fmt.Sprint(result.accepted)},
		{"refused", fmt.Sprint(result.refused)},
		{"unknown", fmt.Sprint(unknown)},
	})
}

// unfinished tells what is left and how to go on; nil when nothing is.
func unfinished(path string, result fileResult, progress operation.BulkProgress) error {
	switch {
	case len(result.unknown) > 0:
		return &workflow.Problem{
			Kind: workflow.OutcomeUnknown, Operation: submitFileOrders, Target: path,
			Reason: "answers were lost: the orders " + text.Cut(strings.Join(spans(result.unknown), ", "), 400) + " of the file may or may not be on the queue",
			Next: "Look for what their users have ordered since then: orderops trace USER. The records with the status unknown name line and user; send the same file again " +
				"with -o jsonl to read them, which goes on without them, or with --resend-unknown to send them too.",
		}
	case result.accepted < result.orders:
		reason := fmt.Sprintf("%d of %d orders were not sent", result.orders-result.accepted, result.orders)
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
