package asl

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"orderops/aws/local/lambda"
)

// recorder is a history with room for so many events.
type recorder struct {
	events []Event
	room   int
}

func (r *recorder) Append(e Event) (int64, error) {
	if len(r.events) >= r.room {
		return 0, ErrFull
	}
	r.events = append(r.events, e)
	return int64(len(r.events)), nil
}

// echo is a function that answers with its input.
type echo struct{}

func (echo) Invoke(_ context.Context, _ string, payload []byte) ([]byte, *lambda.Failure, error) {
	return payload, nil, nil
}

// outcome is the output of a run, or its error and cause.
func outcome(t *testing.T, definition, input string) string {
	t.Helper()
	m, err := Parse([]byte(definition))
	if err != nil {
		t.Fatal(err)
	}
	return ending(t, m, execution(input, 1000))
}

// ending tells how a run ended: its output, or its error and cause.
func ending(t *testing.T, m *Machine, e *Execution) string {
	t.Helper()
	last, ok := m.Run(t.Context(), e, Position{})
	switch {
	case !ok:
		return "nothing"
	case last.Type == "ExecutionSucceeded":
		return last.Details.Output
	}
	return last.Details.Error + ": " + last.Details.Cause
}

func execution(input string, room int) *Execution {
	return &Execution{
		ARN: "arn:aws:states:us-east-1:000000000000:execution:M:one", Name: "one", RoleARN: "role",
		MachineARN: "arn:aws:states:us-east-1:000000000000:stateMachine:M", MachineName: "M",
		Input: input, Start: time.Now(), Functions: echo{}, History: &recorder{room: room},
		NewID: func() string { return "id" }, Random: func() float64 { return 0.5 },
	}
}

// single is a machine of one state.
func single(state string) string { return `{"StartAt":"A","States":{"A":` + state + `}}` }

// TestData runs single states over inputs: paths, templates, context object, time values.
func TestData(t *testing.T) {
	t.Parallel()
	const lambda = `"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:echo","End":true`
	at := func(cause string) string {
		return "States.Runtime: An error occurred while executing the state 'A' (entered at the event id #1). " + cause
	}
	for name, c := range map[string]struct{ state, input, want string }{
		"untouched text":         {`{"Type":"Pass","End":true}`, ` {"b":1.0, "a":2 }`, ` {"b":1.0, "a":2 }`},
		"input path":             {`{"Type":"Pass","InputPath":"$.a","End":true}`, `{"a":{"z":1,"b":2}}`, `{"z":1,"b":2}`},
		"input path null":        {`{"Type":"Pass","InputPath":null,"End":true}`, `{"a":1}`, `{}`},
		"output path":            {`{"Type":"Succeed","OutputPath":"$.a"}`, `{"a":[1,2]}`, `[1,2]`},
		"output path null":       {`{"Type":"Succeed","OutputPath":null}`, `{"a":1}`, `{}`},
		"result path null":       {`{"Type":"Pass","Result":1,"ResultPath":null,"End":true}`, `{"a":1}`, `{"a":1}`},
		"result null":            {`{"Type":"Pass","Result":null,"End":true}`, `{"a":1}`, `null`},
		"result path":            {`{"Type":"Pass","Result":1,"ResultPath":"$.b.c","End":true}`, `{"a":1}`, `{"a":1,"b":{"c":1}}`},
		"result on raw input":    {`{"Type":"Pass","InputPath":"$.a","ResultPath":"$.b","End":true}`, `{"a":1}`, `{"a":1,"b":1}`},
		"result has no place":    {`{"Type":"Pass","Result":1,"ResultPath":"$.b","End":true}`, `[]`, "States.ResultPathMatchFailure: Unable to apply Reference Path $.b to input []"},
		"template":               {`{"Type":"Pass","Parameters":{"k":"x","n.$":"$.a","l":[{"m.$":"$$.State.Name"}],"all.$":"$.a[*]"},"End":true}`, `{"a":[1,2]}`, `{"k":"x","n":[1,2],"l":[{"m":"A"}],"all":[1,2]}`},
		"result is no template":  {`{"Type":"Pass","Result":{"a.$":"$.b"},"End":true}`, `{}`, `{"a.$":"$.b"}`},
		"template misses":        {`{"Type":"Pass","Parameters":{"v":{"n.$":"$.no"}},"End":true}`, `{"a":1}`, at(`The JSONPath '$.no' specified for the field 'n.$' could not be found in the input '{"a":1}'`)},
		"context":                {`{"Type":"Pass","InputPath":"$$.Execution.Input","End":true}`, `{"a":1}`, `{"a":1}`},
		"context object":         {`{"Type":"Pass","Parameters":{"e.$":"$$.Execution","m.$":"$$.StateMachine","s.$":"$$.State"},"End":true}`, `1`, `{"e":{"Id":"arn:aws:states:us-east-1:000000000000:execution:M:one","Input":1,"StartTime":"2000-01-01T00:00:00.000Z","Name":"one","RoleArn":"role","RedriveCount":0},"m":{"Id":"arn:aws:states:us-east-1:000000000000:stateMachine:M","Name":"M"},"s":{"Name":"A","EnteredTime":"2000-01-01T00:00:00.000Z"}}`},
		"input path misses":      {`{"Type":"Pass","InputPath":"$.no","End":true}`, `{}`, at(`Invalid path '$.no' : No results for path: $['no']`)},
		"task data":              {`{` + lambda + `,"InputPath":"$.in","Parameters":{"p.$":"$.x"},"ResultSelector":{"q.$":"$.p"},"ResultPath":"$.out","OutputPath":"$.out.q"}`, `{"in":{"x":5}}`, `5`},
		"task time-out path":     {`{` + lambda + `,"TimeoutSecondsPath":"$.t"}`, `{"t":5}`, `{"t":5}`},
		"task time-out missing":  {`{` + lambda + `,"TimeoutSecondsPath":"$.t"}`, `{}`, at(`Invalid path '$.t' : No results for path: $['t']`)},
		"task time-out wrong":    {`{` + lambda + `,"TimeoutSecondsPath":"$.t"}`, `{"t":0}`, at(`The TimeoutSecondsPath parameter does not reference a positive integer: $.t == 0`)},
		"function name wrong":    {`{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName.$":"$.f"},"End":true}`, `{"f":1}`, at(`The Parameters '{"FunctionName":1}' could not be used to start the Task: [The value of the field 'FunctionName' must be a STRING]`)},
		"fail paths":             {`{"Type":"Fail","ErrorPath":"$.e","CausePath":"$$.State.Name"}`, `{"e":"E"}`, `E: A`},
		"fail path misses":       {`{"Type":"Fail","ErrorPath":"$.e"}`, `{"a":1}`, at(`The JSONPath '$.e' specified for the field 'ErrorPath' could not be found in the input '{"a":1}'`)},
		"fail path is no text":   {`{"Type":"Fail","CausePath":"$.e"}`, `{"e":1}`, at(`The CausePath field must refer to a string: $.e == 1`)},
		"wait path":              {`{"Type":"Wait","SecondsPath":"$.s","End":true}`, `{"s":60}`, `{"s":60}`},
		"wait path zero":         {`{"Type":"Wait","SecondsPath":"$.s","End":true}`, `{"s":0}`, `{"s":0}`},
		"wait path negative":     {`{"Type":"Wait","SecondsPath":"$.s","End":true}`, `{"s":-1}`, at(`The SecondsPath parameter references a negative value: $.s == -1`)},
		"wait path fraction":     {`{"Type":"Wait","SecondsPath":"$.s","End":true}`, `{"s":1.5}`, at(`The SecondsPath parameter cannot be parsed as a long value: $.s == 1.5`)},
		"wait path text":         {`{"Type":"Wait","SecondsPath":"$.s","End":true}`, `{"s":"1"}`, at(`The SecondsPath parameter cannot be parsed as a long value: $.s == 1`)},
		"wait path missing":      {`{"Type":"Wait","SecondsPath":"$.s","End":true}`, `{}`, at(`The SecondsPath parameter does not reference an input value: $.s`)},
		"wait too long":          {`{"Type":"Wait","SecondsPath":"$.s","End":true}`, `{"s":9223372036854775807}`, at(`Wait state delay is too long.`)},
		"wait until":             {`{"Type":"Wait","TimestampPath":"$.t","End":true}`, `{"t":"2000-01-02T00:00:00Z"}`, `{"t":"2000-01-02T00:00:00Z"}`},
		"wait until the past":    {`{"Type":"Wait","Timestamp":"1999-01-02T00:00:00Z","End":true}`, `1`, `1`},
		"wait until no time":     {`{"Type":"Wait","TimestampPath":"$.t","End":true}`, `{"t":"2016-12-05 21:29:29Z"}`, at(`The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.t == 2016-12-05 21:29:29Z`)},
		"wait until the far day": {`{"Type":"Wait","TimestampPath":"$.t","End":true}`, `{"t":"2099-01-01T00:00:00Z"}`, at(`Wait state delay is too long.`)},
		"input is no JSON":       {`{"Type":"Pass","End":true}`, `{`, "States.Runtime: unexpected end of JSON input"},
		"too large":              {`{"Type":"Pass","Parameters":{"a.$":"$","b.$":"$"},"End":true}`, `"` + strings.Repeat("x", 200<<10) + `"`, "States.DataLimitExceeded: The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				if got := outcome(t, single(c.state), c.input); got != c.want {
					t.Errorf("got  %s\nwant %s", got, c.want)
				}
			})
		})
	}
}

// TestWaitTakesItsTime: the pause is exactly what the state says.
func TestWaitTakesItsTime(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]time.Duration{
		`{"Type":"Wait","Seconds":30,"End":true}`:                         30 * time.Second,
		`{"Type":"Wait","Seconds":0,"End":true}`:                          0,
		`{"Type":"Wait","SecondsPath":"$.s","End":true}`:                  7 * time.Second,
		`{"Type":"Wait","Timestamp":"2000-01-01T01:00:00Z","End":true}`:   time.Hour,
		`{"Type":"Wait","TimestampPath":"$.t","End":true}`:                time.Minute,
		`{"Type":"Wait","InputPath":"$.in","SecondsPath":"$","End":true}`: 9 * time.Second,
	} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			o := outcome(t, single(state), `{"s":7,"t":"2000-01-01T00:01:00Z","in":9}`)
			if got := time.Since(start); got != want || strings.Contains(o, "States.") {
				t.Errorf("%s took %s: %s", state, got, o)
			}
		})
	}
}

// TestChoices follows rules in their order.
func TestChoices(t *testing.T) {
	t.Parallel()
	const choice = `{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[
		{"And":[{"Variable":"$.a","IsPresent":true},{"Variable":"$.a","NumericEquals":1}],"Next":"and"},
		{"Or":[{"Variable":"$.b","IsPresent":true},{"Not":{"Variable":"$.c","IsPresent":false}}],"Next":"or"},
		{"Variable":"$.d","StringEqualsPath":"$.e","Next":"path"}],"Default":"default"},
		"and":{"Type":"Pass","Result":"and","End":true},"or":{"Type":"Pass","Result":"or","End":true},
		"path":{"Type":"Pass","Result":"path","End":true},"default":{"Type":"Pass","Result":"default","End":true}}}`
	for input, want := range map[string]string{
		`{"a":1,"b":1}`:          `"and"`,
		`{"a":2,"b":1}`:          `"or"`,
		`{"c":null}`:             `"or"`,
		`{"d":"x","e":"x"}`:      `"path"`,
		`{"d":"x","e":"y"}`:      `"default"`,
		`{"d":"x"}`:              `Invalid path '$.e': The choice state's condition path references an invalid value.`,
		`{"d":"x","e":1}`:        `Invalid path '$.e': The choice state's condition path references an invalid value.`,
		`{"e":"x"}`:              `Invalid path '$.d': The choice state's condition path references an invalid value.`,
		`{"a":"1","d":1,"e":""}`: `"default"`,
	} {
		got := outcome(t, choice, input)
		if _, cause, failed := strings.Cut(got, "#1). "); failed {
			got = cause
		}
		if got != want {
			t.Errorf("%s went to %s, want %s", input, got, want)
		}
	}
}
