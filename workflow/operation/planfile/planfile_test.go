package planfile

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orderops/workflow"
)

func example() Plan {
	m := Message{ID: "m1", Digest: Digest([]byte("x")), Verdict: workflow.Safe, Source: "arn:aws:sqs:eu-west-1:1:OrderQueue"}
	raw := Message{ID: "m2", Digest: Digest([]byte{0xff}), Verdict: workflow.Malformed}
	m.SetEdit([]byte("{\"a\":\"<\u009b2J\u202e>\"}"))
	raw.SetEdit([]byte{0xff, 0})
	return Plan{
		Schema: Schema, Operation: Redrive, Made: time.Date(2026, 11, 27, 12, 0, 0, 5, time.UTC), By: "ada", Account: "123456789012", Region: "eu-west-1",
		Stack: "shop", Queue: "https://q/123456789012/Dead", Filter: "verdict:safe", Rest: true, Include: []workflow.Verdict{workflow.Malformed}, Note: "noon",
		Rate: 20, Canary: 3, Threshold: 0.5, Queues: []Queue{{Name: "Dead", Messages: 4, Visibility: 30, Retention: 60, MaxReceives: 3}},
		Facts: []Fact{{"to", "OrderQueue"}}, Messages: []Message{m, raw},
	}
}

func written(t *testing.T, p Plan) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAPlanIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	text := written(t, example())
	got, err := Read(strings.NewReader(text))
	if diff := cmp.Diff(example(), got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if strings.ContainsAny(text, "\u009b\u202e") {
		t.Errorf("what acts on a terminal stands in it: %q", text)
	}
	if string(got.Messages[1].Edit()) != "\xff\x00" {
		t.Errorf("edit %q", got.Messages[1].Edit())
	}
}

func TestAPlanIsWrittenOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "plan.json")
	if err := Save(path, example()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := Save(path, Plan{}); workflow.KindOf(err) != workflow.Invalid || !strings.Contains(err.Error(), "written over") {
		t.Errorf("a second one: %v", err)
	}
	if got, err := Load(path); err != nil || got.Note != "noon" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := Load(path + "x"); workflow.KindOf(err) != workflow.Invalid {
		t.Errorf("no file: %v", err)
	}
}

// TestAPlanIsRefusedByLineAndField changes one thing in a good plan.
func TestAPlanIsRefusedByLineAndField(t *testing.T) {
	t.Parallel()
	good := written(t, example())
	for name, c := range map[string]struct{ old, with, want string }{
		"another version":    {Schema, "orderops/plan/2", `line 2, schema: "orderops/plan/2" is another version`},
		"another program's":  {`"` + Schema + `"`, `"terraform"`, "line 2, schema: this is no plan of orderops"},
		"no schema":          {`"schema": "` + Schema + `",`, "", "line 3, operation: this is no plan of orderops"},
		"unknown field":      {`"filter"`, `"filters"`, "line 10, filters: is no field of " + Schema},
		"a field twice":      {`"region"`, `"account"`, "line 7, account: is there twice"},
		"wrong type":         {`"rate": 20`, `"rate": "20"`, "line 14, rate: must not be a string"},
		"null":               {`"rate": 20`, `"rate": null`, "line 14, rate: is null"},
		"negative":           {`"rate": 20`, `"rate": -1`, "line 14, rate: is negative"},
		"threshold":          {`"threshold": 0.5`, `"threshold": 5`, "line 16, threshold: must be from 0 to 1"},
		"operation":          {`"redrive"`, `"destroy"`, `line 3, operation: "destroy" is none of redrive`},
		"include":            {`["malformed"]`, `["safe"]`, `line 12, include: "safe" is no verdict`},
		"digest":             {`"digest":"sha256:`, `"digest":"md5:`, "line 24, messages[0].digest: must be sha256:"},
		"verdict":            {`"verdict":"safe"`, `"verdict":"fine"`, "line 24, messages[0].verdict: is none that is known"},
		"a message twice":    {`"m2"`, `"m1"`, "line 25, messages[1].id: is there twice"},
		"no id":              {`"id":"m2",`, "", "line 25, messages[1].id: is missing"},
		"field of a message": {`"id":"m2"`, `"handle":"m2"`, `line 25, messages[1]: unknown field "handle"`},
		"edit of a deletion": {`"redrive"`, `"delete"`, "line 24, messages[0].body: has a meaning only in a redrive"},
		"not a list":         {`"facts": [`, `"facts": {"a": [`, "line 20, facts: must be a list"},
		"cut off":            {"  ]\n}\n", "", "the file ends in the middle"},
		"something behind":   {"  ]\n}\n", "  ]\n}\n{}", "line 28: something stands behind the plan"},
		"no JSON":            {good, "hello", "line 1: this is no plan"},
		"empty":              {good, "", "line 1: this is no plan"},
		"a list":             {good, "[]", "line 1: this is no plan"},
		"empty object":       {good, "{}", "line 1: this is no plan"},
		"no UTF-8":           {`"noon"`, "\"\xff\"", "line 13: is no UTF-8"},
		"no account":         {`"account": "123456789012",`, "", "account: is missing"},
		"no made":            {`"made": "2026-11-27T12:00:00.000000005Z",`, "", "made: is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(good, c.old) {
				t.Fatalf("%q is not in\n%s", c.old, good)
			}
			_, err := Read(strings.NewReader(strings.Replace(good, c.old, c.with, 1)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

// TestEveryFieldIsDescribed: docs/commands.md tells of each field of the file.
func TestEveryFieldIsDescribed(t *testing.T) {
	t.Parallel()
	var names []string
	add := func(prefix string, of any) {
		for field := range reflect.TypeOf(of).Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			kind := field.Type
			for kind.Kind() == reflect.Slice || kind.Kind() == reflect.Pointer {
				kind = kind.Elem()
			}
			if kind.Kind() == reflect.Struct && kind != reflect.TypeFor[time.Time]() {
				continue
			}
			names = append(names, prefix+name)
		}
	}
	add("", Plan{})
	add("source.", Source{})
	add("queues.", Queue{})
	add("facts.", Fact{})
	add("messages.", Message{})
	add("executions.", Execution{})
	var described []string
	for _, f := range Fields() {
		described = append(described, f.Name)
	}
	if diff := cmp.Diff(names, described); diff != "" {
		t.Error(diff)
	}
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := Write(&b, example()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.String())
	f.Add(`{"schema":"orderops/plan/1","messages":[{}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := Write(&again, p); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(&again); err != nil {
			t.Errorf("what was read can't be read again: %v\n%s", err, again.String())
		}
	})
}
