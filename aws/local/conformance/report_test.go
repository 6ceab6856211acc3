package conformance

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
)

// outcome is what came of one recording.
type outcome int

const (
	agrees outcome = iota
	// explained: it differs, and the table of differences says why.
	explained
	// unexplained: it differs, and nobody said why.
	unexplained
	outside
)

// report counts outcomes by file. It is safe for concurrent use.
type report struct {
	mu    sync.Mutex
	files map[string]map[outcome]int
	// reasons count what is out of scope.
	reasons map[string]int
	// known are the explained differences, as "recording: reason".
	known []string
	// compared and asked count the agreeing recordings in which an operation's
	// answer was compared, and in which it was asked, by operation.
	compared, asked map[string]int
	// left counts answers that were passed over in recordings that are in scope.
	left int
}

func newReport() *report {
	return &report{
		files: map[string]map[outcome]int{}, reasons: map[string]int{},
		compared: map[string]int{}, asked: map[string]int{},
	}
}

func (r *report) add(file string, o outcome, reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.files[file] == nil {
		r.files[file] = map[outcome]int{}
	}
	r.files[file][o]++
	switch o {
	case outside:
		r.reasons[reason]++
	case explained:
		r.known = append(r.known, reason)
	case agrees, unexplained:
	}
}

// credit counts what an agreeing recording has shown.
func (r *report) credit(operations map[string]bool, left int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left += left
	for operation, compared := range operations {
		r.asked[operation]++
		if compared {
			r.compared[operation]++
		}
	}
}

// total adds up one outcome.
func (r *report) total(o outcome) int {
	sum := 0
	for _, counts := range r.files {
		sum += counts[o]
	}
	return sum
}

// share is the part of what is in scope that agrees, in percent.
func (r *report) share() float64 {
	agree := r.total(agrees)
	all := agree + r.total(explained) + r.total(unexplained)
	if all == 0 {
		return 0
	}
	return 100 * float64(agree) / float64(all)
}

// print writes the totals.
func (r *report) print(w io.Writer) error {
	const row = "%8v %6v %10v %12v %13v  %s\n"
	p := printer{w: w}
	p.printf(row, "in scope", "agree", "explained", "unexplained", "out of scope", "file")
	line := func(counts func(outcome) int, name string) {
		in := counts(agrees) + counts(explained) + counts(unexplained)
		p.printf(row, in, counts(agrees), counts(explained), counts(unexplained), counts(outside), name)
	}
	for _, file := range slices.Sorted(maps.Keys(r.files)) {
		line(func(o outcome) int { return r.files[file][o] }, file)
	}
	line(r.total, "all")
	p.printf("\n%.1f %% of what is in scope agrees. Passed over in agreeing recordings: %d answers of operations out of scope.\n", r.share(), r.left)
	p.printf("\nAgreeing recordings by operation:\n%8s %6s\n", "compared", "asked")
	for _, operation := range slices.Sorted(maps.Keys(r.asked)) {
		p.printf("%8d %6d  %s\n", r.compared[operation], r.asked[operation], operation)
	}
	p.printf("\nOut of scope:\n")
	for _, reason := range slices.Sorted(maps.Keys(r.reasons)) {
		p.printf("%8d  %s\n", r.reasons[reason], reason)
	}
	p.printf("\nExplained differences:\n")
	slices.Sort(r.known)
	for _, difference := range r.known {
		p.printf("  %s\n", difference)
	}
	return p.err
}

// printer writes until the first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}
