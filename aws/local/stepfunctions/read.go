package stepfunctions

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"time"

	"orderops/aws/local/stepfunctions/asl"
	"orderops/aws/local/wire"
)

// redrivablePeriod is how long after its end an execution can be redriven.
const redrivablePeriod = 14 * 24 * time.Hour

type describeExecutionInput struct {
	executionInput
	// IncludedData is ALL_DATA or METADATA_ONLY; "" means all.
	IncludedData string
}

// executionItem is an execution in a list.
type executionItem struct {
	ExecutionArn    string    `json:"executionArn"`
	StateMachineArn string    `json:"stateMachineArn"`
	Name            string    `json:"name"`
	Status          string    `json:"status"`
	StartDate       wire.Time `json:"startDate"`
	StopDate        wire.Time `json:"stopDate,omitzero"`
	RedriveCount    int       `json:"redriveCount"`
	RedriveDate     wire.Time `json:"redriveDate,omitzero"`
}

type describeExecutionOutput struct {
	executionItem
	Input               string       `json:"input,omitempty"`
	InputDetails        *dataDetails `json:"inputDetails,omitempty"`
	Output              string       `json:"output,omitempty"`
	OutputDetails       *dataDetails `json:"outputDetails,omitempty"`
	Error               string       `json:"error,omitempty"`
	Cause               string       `json:"cause,omitempty"`
	RedriveStatus       string       `json:"redriveStatus"`
	RedriveStatusReason string       `json:"redriveStatusReason,omitempty"`
}

type dataDetails struct {
	Included bool `json:"included"`
}

func (s *Service) describeExecution(e *execution, in *describeExecutionInput) (any, error) {
	included := cmp.Or(in.IncludedData, "ALL_DATA")
	oneOf(included, "includedData", "ALL_DATA", "METADATA_ONLY")
	data := dataDetails{included == "ALL_DATA"}
	e.mu.Lock()
	defer e.mu.Unlock()
	out := &describeExecutionOutput{
		executionItem: e.executionItem, InputDetails: &data, Error: e.last.Error, Cause: e.last.Cause,
		RedriveStatus: "REDRIVABLE", RedriveStatusReason: e.notRedrivable(),
	}
	if out.RedriveStatusReason != "" {
		out.RedriveStatus = "NOT_REDRIVABLE"
	}
	if data.Included {
		out.Input, out.Output = e.input, e.last.Output
	}
	if e.Status == succeeded {
		out.OutputDetails = &data
	}
	return out, nil
}

// item is the execution's row in a list as it is now.
func (e *execution) item() executionItem {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.executionItem
}

type listExecutionsInput struct {
	machineInput
	pageInput
	StatusFilter             string
	MapRunArn, RedriveFilter string
}

// listExecutions lists newest first, by the original start.
func (s *Service) listExecutions(m *machine, in *listExecutionsInput) (any, error) {
	if in.MapRunArn != "" || in.RedriveFilter != "" {
		return nil, invalid("mapRunArn and redriveFilter are not supported by the local AWS")
	}
	filter := in.StatusFilter
	oneOf(cmp.Or(filter, running), "statusFilter", succeeded, timedOut, "PENDING_REDRIVE", aborted, failed, running)
	s.mu.Lock()
	executions := m.executions // appended to, never changed
	s.mu.Unlock()
	rows := func(yield func(int, executionItem) bool) {
		for at, e := range newestFirst(executions) {
			if row := e.item(); (filter == "" || filter == row.Status) && !yield(at, row) {
				return
			}
		}
	}
	return cut(in.pageInput, "executions", rows, in.StateMachineArn, filter)
}

type historyInput struct {
	executionInput
	pageInput
	ReverseOrder bool
	// IncludeExecutionData is true when absent.
	IncludeExecutionData *bool
}

func (s *Service) getExecutionHistory(e *execution, in *historyInput) (any, error) {
	e.mu.Lock()
	events := slices.All(e.events) // appended to, never changed
	if in.ReverseOrder {
		events = newestFirst(e.events)
	}
	e.mu.Unlock()
	data := in.IncludeExecutionData == nil || *in.IncludeExecutionData
	told := func(yield func(int, object) bool) {
		for at, ev := range events {
			if !yield(at, ev.wire(data)) {
				return
			}
		}
	}
	return cut(in.pageInput, "events", told, in.ExecutionArn, in.ReverseOrder, data)
}

// wire is the event as the API sends it.
func (ev event) wire(data bool) object {
	m := object{"id": ev.id, "previousEventId": ev.Previous, "type": ev.Type, "timestamp": wire.Time{Time: ev.at}}
	switch {
	case ev.Type == "LambdaFunctionStarted": // alone has no details
	case strings.HasSuffix(ev.Type, "StateEntered"):
		m["stateEnteredEventDetails"] = ev.told(data)
	case strings.HasSuffix(ev.Type, "StateExited"):
		m["stateExitedEventDetails"] = ev.told(data)
	default:
		m[strings.ToLower(ev.Type[:1])+ev.Type[1:]+"EventDetails"] = ev.told(data)
	}
	return m
}

// told are the event's details; without data they leave out what the execution
// worked on.
func (ev event) told(data bool) asl.Details {
	d := ev.Details
	if !data {
		d.Input, d.Output, d.Parameters = "", "", ""
	}
	if d.Input != "" {
		d.InputDetails = &asl.Truncation{}
	}
	if d.Output != "" {
		d.OutputDetails = &asl.Truncation{}
	}
	return d
}

// Lengths of tokens and sizes of pages (API reference of ListExecutions).
const (
	maxToken    = 3096
	maxPage     = 1000
	defaultPage = 100
)

// pageInput are the members of a request for a page. MaxResults 0 is the default size.
type pageInput struct {
	MaxResults int
	NextToken  string
}

// cut takes a page out of a list. Items come with a position that rises and
// stays the same while the list grows: the token holds the position of the next
// one. of are the request's other arguments, which must not change between pages.
// The answer has the page as its member of that name.
func cut[T any](in pageInput, name string, items iter.Seq2[int, T], of ...any) (any, error) {
	size, from := in.MaxResults, math.MinInt
	switch {
	case size > maxPage:
		return nil, invalid("Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to %d", size, maxPage)
	case size < 0:
		return nil, invalid("Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 0", size)
	case size == 0:
		size = defaultPage
	}
	if in.NextToken != "" {
		longest(in.NextToken, "nextToken", maxToken)
		text, _ := base64.RawURLEncoding.DecodeString(in.NextToken)
		var rest string
		if _, err := fmt.Sscanf(string(text), "%d %q", &from, &rest); err != nil || rest != fmt.Sprint(of...) {
			return nil, refusal("InvalidToken", "Invalid Token: 'Invalid token'")
		}
	}
	page := []T{}
	for at, item := range items {
		if at < from {
			continue
		}
		if len(page) == size {
			next := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %q", at, fmt.Sprint(of...)))
			return object{name: page, "nextToken": next}, nil
		}
		page = append(page, item)
	}
	return object{name: page}, nil
}

// newestFirst lists backwards, with positions that rise.
func newestFirst[T any](all []T) iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i := len(all) - 1; i >= 0 && yield(-i, all[i]); i-- {
		}
	}
}
