package rehearsal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Error says what is wrong with a scenario, and where.
type Error struct {
	// File is the scenario's name, Line counts from 1; 0 means the whole file.
	File string
	Line int
	// Field is the member at fault, as it is written; "" means none in particular.
	Field  string
	Reason string
}

// Error tells place, field and reason.
func (e *Error) Error() string {
	place := e.File
	if e.Line > 0 {
		place += fmt.Sprintf(":%d", e.Line)
	}
	if e.Field == "" {
		return place + ": " + e.Reason
	}
	return place + ": " + e.Field + ": " + e.Reason
}

// file is a scenario as it is written. Times are texts, to be refused with
// their line.
type file struct {
	Title        string        `yaml:"title"`
	Seed         uint64        `yaml:"seed"`
	Wait         string        `yaml:"wait"`
	Visibility   string        `yaml:"visibility"`
	Rates        rates         `yaml:",inline"`
	Disturbances []disturbance `yaml:"disturbances"`
}

type rates struct {
	Order             *float64 `yaml:"order-rate"`
	Poison            *float64 `yaml:"poison-rate"`
	PaymentFailure    *float64 `yaml:"payment-failure-rate"`
	RestaurantFailure *float64 `yaml:"restaurant-failure-rate"`
}

type queues struct {
	DuplicateRate  float64 `yaml:"duplicate-rate"`
	ShortPollShare float64 `yaml:"short-poll-share"`
	CountLag       string  `yaml:"count-lag"`
	InFlightLimit  int     `yaml:"in-flight-limit"`
}

type events struct {
	Lag  string  `yaml:"log-lag"`
	Loss float64 `yaml:"log-loss"`
}

type disturbance struct {
	From string `yaml:"from"`
	For  string `yaml:"for"`

	Rates        rates  `yaml:",inline"`
	Queues       queues `yaml:",inline"`
	Logs         events `yaml:",inline"`
	Outage       string `yaml:"outage"`
	Throttle     string `yaml:"throttle"`
	Latency      string `yaml:"latency"`
	LostAnswers  string `yaml:"lost-answers"`
	ServerErrors string `yaml:"server-errors"`
	Forbidden    string `yaml:"forbidden"`

	How      string   `yaml:"how"`
	Resource string   `yaml:"resource"`
	Who      string   `yaml:"who"`
	Share    *float64 `yaml:"share"`
	Rate     *float64 `yaml:"rate"`
	By       string   `yaml:"by"`
}

// Read reads a scenario from YAML. name is what errors, all of type *Error,
// call it.
func Read(name string, text []byte) (Scenario, error) {
	r := &reader{name: name, text: text}
	var f file
	r.decode(&f)
	s := Scenario{
		Title: f.Title, Seed: f.Seed, Wait: r.seconds("$.wait", f.Wait), Visibility: r.seconds("$.visibility", f.Visibility),
		Rates: r.rates("$", f.Rates),
	}
	for i, d := range f.Disturbances {
		s.Disturbances = append(s.Disturbances, r.disturbance(fmt.Sprintf("$.disturbances[%d]", i), d))
	}
	if r.problem != nil {
		return Scenario{}, r.problem
	}
	return s, nil
}

// ReadDisturbance reads one disturbance as a flag gives it, without the braces:
// "throttle: states:*, share: 0.5, from: 30s".
func ReadDisturbance(name, text string) (Disturbance, error) {
	r := &reader{name: name, text: []byte("{" + text + "}")}
	var d disturbance
	r.decode(&d)
	read := r.disturbance("$", d)
	if r.problem != nil {
		r.problem.Line = 0 // a flag has only one
		return Disturbance{}, r.problem
	}
	return read, nil
}

// reader checks what was decoded, and keeps the first problem.
type reader struct {
	name    string
	text    []byte
	tree    *ast.File
	problem *Error
}

// decode decodes strictly: an unknown field is a problem.
func (r *reader) decode(to any) {
	decoder := yaml.NewDecoder(bytes.NewReader(r.text), yaml.Strict())
	err := decoder.Decode(to)
	if err == nil {
		var more any
		if err = decoder.Decode(&more); !errors.Is(err, io.EOF) {
			err = errors.New("there is a second document")
		}
	}
	if errors.Is(err, io.EOF) { // all was read, or there was nothing to read
		r.tree, _ = parser.ParseBytes(r.text, 0) // it was just decoded
		return
	}
	r.problem = &Error{File: r.name, Reason: err.Error()}
	told, ok := errors.AsType[yaml.Error](err)
	if !ok || told.GetToken() == nil || told.GetToken().Position == nil {
		return
	}
	r.problem.Line, r.problem.Reason = told.GetToken().Position.Line, told.GetMessage()
	if _, wrong := errors.AsType[*yaml.TypeError](err); wrong {
		r.problem.Field, r.problem.Reason = r.fieldOf(r.problem.Line), fmt.Sprintf("%q is of the wrong type", told.GetToken().Value)
	}
}

// fieldOf is the name that stands at the beginning of a line.
func (r *reader) fieldOf(line int) string {
	lines := bytes.Split(r.text, []byte("\n"))
	if line > len(lines) {
		return ""
	}
	name, _, _ := strings.Cut(string(lines[line-1]), ":")
	return strings.TrimLeft(name, " -{")
}

// fail notes a problem of the field at a path such as $.disturbances[0].share.
func (r *reader) fail(path, reason string) {
	if r.problem != nil {
		return
	}
	r.problem = &Error{File: r.name, Field: strings.TrimPrefix(path, "$."), Reason: reason}
	at, err := yaml.PathString(path)
	if err != nil || r.tree == nil {
		return
	}
	if node, err := at.FilterFile(r.tree); err == nil && node.GetToken() != nil {
		r.problem.Line = node.GetToken().Position.Line
	}
}

func (r *reader) duration(path, text string) time.Duration {
	if text == "" {
		return 0
	}
	d, err := time.ParseDuration(text)
	switch {
	case err != nil || d < 0:
		r.fail(path, fmt.Sprintf("%q is no time like 30s or 2m", text))
	case d > 24*time.Hour:
		r.fail(path, fmt.Sprintf("%s is longer than a day", text))
	}
	return d
}

// seconds are whole ones, as the template's parameters are, and at most the
// twelve hours of a visibility timeout.
func (r *reader) seconds(path, text string) time.Duration {
	d := r.duration(path, text)
	if d%time.Second != 0 || d > 12*time.Hour {
		r.fail(path, fmt.Sprintf("%s is not a whole number of seconds up to 12h", text))
	}
	return d
}
