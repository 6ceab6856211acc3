package cli

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"orderops/config"
	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// listFlags are how much is looked at, and how it is put in order.
type listFlags struct {
	output

	flags   *pflag.FlagSet
	newest  int
	since   time.Duration
	limit   int
	sort    string
	reverse bool
	quick   bool
}

const (
	// mostListed is the most of one page (ListExecutions).
	mostListed    = 1000
	defaultNewest = 50
	// mostSorted is how many are kept in memory to put them in another order than
	// that in which AWS lists them.
	mostSorted = 10_000
)

func (f *listFlags) addTo(cmd *cobra.Command, columns, fields []string) {
	f.flags = cmd.Flags()
	f.flags.SortFlags = false
	f.add(f.flags, columns, fields)
	f.flags.IntVar(&f.newest, "newest", defaultNewest, "how many of the newest executions are looked at, any number")
	f.flags.DurationVar(&f.since, "since", 0, "look at all that started in this time, such as 24h; with --newest at no more than so many")
	f.flags.IntVar(&f.limit, "limit", 0, "print no more than so many; by default all that match")
	f.flags.StringVar(&f.sort, "sort", "", "order by a column of the filter; by default the newest first")
	f.flags.BoolVar(&f.reverse, "reverse", false, "turn the order round")
	offer(f.flags, "sort", columns)
	f.flags.Lookup("since").DefValue = ""
	f.flags.Lookup("limit").DefValue = ""
}

func (f *listFlags) checkList(columns, fields []string) error {
	if err := f.check(columns, fields); err != nil {
		return err
	}
	if err := checkSort(f.sort, columns); err != nil {
		return err
	}
	switch {
	case f.newest < 1:
		return &config.SettingError{Setting: "--newest", Reason: "must be at least 1", Next: "Give a number, or a time with --since."}
	case f.since < 0:
		return &config.SettingError{Setting: "--since", Reason: "is negative", Next: "Give a time like 24h."}
	case f.limit < 0:
		return &config.SettingError{Setting: "--limit", Reason: "is negative", Next: "Give a number of records."}
	case f.sorts() && f.flags.Changed("newest") && f.newest > mostSorted:
		return &config.SettingError{
			Setting: "--newest", Reason: "is more than the " + strconv.Itoa(mostSorted) + " that can be put in another order",
			Next: "Leave out --sort and --reverse, and sort what is printed.",
		}
	}
	return nil
}

func checkSort(name string, columns []string) error {
	if name == "" || slices.Contains(columns, name) {
		return nil
	}
	return &config.SettingError{Setting: "--sort", Reason: quoted(name) + " is no column", Next: "There are " + strings.Join(columns, ", ") + "."}
}

// sorts tells that everything has to be read before the first is printed.
func (f *listFlags) sorts() bool { return f.sort != "" || f.reverse }

// most is how many executions are looked at.
func (f *listFlags) most() int {
	most := f.newest
	if f.since > 0 && !f.flags.Changed("newest") {
		most = math.MaxInt
	}
	if f.sorts() {
		most = min(most, mostSorted)
	}
	return most
}

// sorted is an index that can be put in order.
type sorted interface {
	Sort() (column string, descending bool)
	SetSort(name string, descending bool)
}

// order puts an index in the order that was asked for. Without a column it is
// the newest first.
func order(index sorted, f *listFlags) {
	name, descending := index.Sort()
	if f.sort != "" {
		name, descending = f.sort, false
	}
	index.SetSort(name, descending != f.reverse)
}

// listing is a list of what belongs to the newest executions, which are read page
// by page. Nothing of a page is kept for the next, unless it has to be sorted.
type listing[T any] struct {
	p   *program
	c   *Connection
	f   *listFlags
	out *printer[T]
	// shown is what is worth knowing of the executions that are looked at.
	shown func(looked []workflow.Execution) monitor.Shown
	// rows are the records of the executions that were looked at, filtered and in order.
	rows func(v *picture, looked []workflow.Execution) []T

	looked int
	oldest time.Time
	gaps   gaps // of all pages
}

// run reads, prints and tells what was left out.
func (l *listing[T]) run(ctx context.Context, operation string) error {
	v := l.p.newPicture(l.c)
	var looked []workflow.Execution
	token, from := "", time.Time{}
	if l.f.since > 0 {
		from = time.Now().Add(-l.f.since)
	}
	for {
		page, next, err := l.read(ctx, token, from)
		if err != nil {
			return l.broken(operation, err)
		}
		v.store.Apply(monitor.ExecutionsListed{Executions: page, At: time.Now()})
		looked = append(looked, page...)
		if !l.f.quick {
			v.fill(ctx, func() monitor.Shown { return l.shown(looked) })
		}
		token = next
		last := token == "" || l.looked >= l.f.most() || ctx.Err() != nil
		if l.f.sorts() && !last {
			l.p.progress("%s executions read", text.Count(l.looked))
			continue
		}
		full, err := l.print(v, looked)
		if err != nil {
			return err
		}
		l.gaps.add(v.gaps)
		if full || last {
			break
		}
		l.out.flush()
		v, looked = v.next(), looked[:0]
	}
	l.p.progress("")
	l.out.end()
	if token != "" && l.looked >= l.f.most() && !l.f.flags.Changed("newest") {
		l.p.say("looked at the newest %s executions, back to %s; older ones are left out: go on with --newest or --since", text.Count(l.looked), l.oldest.Local().Format(time.DateTime))
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return l.gaps.complete(operation)
}

// read reads one page; next is "" when no older ones are wanted or there.
func (l *listing[T]) read(ctx context.Context, token string, from time.Time) (page []workflow.Execution, next string, err error) {
	type answer struct {
		page []workflow.Execution
		next string
	}
	limit := min(mostListed, l.f.most()-l.looked)
	got, err := patient(ctx, func(ctx context.Context) (answer, error) {
		page, next, err := l.c.List(ctx, token, limit)
		return answer{page, next}, err
	})
	if err != nil {
		return nil, "", err
	}
	page, next = got.page, got.next
	for i, e := range page {
		if e.Started.Before(from) {
			page, next = page[:i], ""
			break
		}
	}
	if l.looked += len(page); len(page) > 0 {
		l.oldest = page[len(page)-1].Started
	}
	return page, next, nil
}

// print prints what matches; full tells that no more is wanted.
func (l *listing[T]) print(v *picture, looked []workflow.Execution) (full bool, err error) {
	l.p.progress("")
	for _, row := range l.rows(v, looked) {
		if l.f.limit > 0 && l.out.n >= l.f.limit {
			return true, nil
		}
		if err := l.out.add(row); err != nil {
			return true, err
		}
	}
	return false, nil
}

// broken tells that a page could not be read: nothing is lost when it is the first.
func (l *listing[T]) broken(operation string, err error) error {
	l.p.progress("")
	if l.looked == 0 {
		return err
	}
	l.out.end()
	return &workflow.Problem{
		Kind: workflow.PartlyDone, Operation: operation, Err: err, Reason: "after " + text.Count(l.looked) + " executions: " + err.Error(),
		Next: "List again: what was printed is not all.",
	}
}
