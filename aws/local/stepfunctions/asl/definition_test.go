package asl

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestDefinitionRefused checks that what can't run is refused, with place and reason.
func TestDefinitionRefused(t *testing.T) {
	t.Parallel()
	const task = `"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:f","End":true`
	for name, c := range map[string]struct{ definition, want string }{
		"empty":             {``, "SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object"},
		"array":             {`[]`, "SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object"},
		"no json":           {`{"a"`, "INVALID_JSON_DESCRIPTION: unexpected end of JSON input"},
		"no states":         {`{"StartAt":"A"}`, "SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /"},
		"nothing":           {`{}`, "SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /"},
		"no start":          {`{"StartAt":"B","States":{"A":{"Type":"Succeed"}}}`, "MISSING_TRANSITION_TARGET: Missing 'StartAt' target: B at /StartAt"},
		"no target":         {single(`{"Type":"Pass","Next":"B"}`), "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next"},
		"no type":           {single(`{"End":true}`), "SCHEMA_VALIDATION_FAILED: These fields are required: [Type] at /States/A"},
		"type":              {single(`{"Type":"Taks"}`), "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/A/Type"},
		"empty type":        {single(`{"Type":""}`), "The field 'Type' should have one of these values"},
		"type is no text":   {single(`{"Type":1}`), "Expected value of type String at /States/A/Type"},
		"credentials":       {single(`{` + task + `,"Credentials":{"RoleArn":"r"}}`), "Field 'Credentials' of state 'A' is not supported by the local AWS at /States/A/Credentials"},
		"filter":            {single(`{"Type":"Pass","InputPath":"$.a[?(@.b==1)]","End":true}`), "Value is not a valid JSONPath"},
		"map":               {single(`{"Type":"Map","End":true}`), "State 'A' is of type Map, which is not supported by the local AWS at /States/A/Type"},
		"parallel":          {single(`{"Type":"Parallel","End":true}`), "State 'A' is of type Parallel, which is not supported by the local AWS at /States/A/Type"},
		"jsonata":           {`{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Succeed"}}}`, "Value is not one of: [JSONPath] at /QueryLanguage"},
		"assign":            {single(`{"Type":"Pass","Assign":{"a":1},"End":true}`), "Field 'Assign' of state 'A' is not supported by the local AWS at /States/A/Assign"},
		"heartbeat":         {single(`{` + task + `,"HeartbeatSeconds":5}`), "Field 'HeartbeatSeconds' of state 'A' is not supported by the local AWS at /States/A/HeartbeatSeconds"},
		"intrinsic":         {single(`{"Type":"Pass","Parameters":{"a.$":"States.UUID()"},"End":true}`), "The intrinsic function of the field 'a.$' is not supported by the local AWS at /States/A/Parameters"},
		"template path":     {single(`{"Type":"Pass","Parameters":{"a":[{"b.$":"x"}]},"End":true}`), "The value for the field 'b.$' must be a valid JSONPath or a valid intrinsic function call at /States/A/Parameters"},
		"unknown field":     {single(`{"Type":"Pass","Foo":1,"End":true}`), "Field 'Foo' of state 'A' is not supported by the local AWS at /States/A/Foo"},
		"no end":            {single(`{"Type":"Pass"}`), "These fields are required: [Next] or [End: true] at /States/A"},
		"next and end":      {single(`{"Type":"Pass","Next":"A","End":true}`), "You cannot set the fields [Next, End] together at /States/A"},
		"resource":          {single(`{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}`), "The resource provided arn:aws:states:::sqs:sendMessage is not recognized. The local AWS runs Lambda functions and arn:aws:states:::lambda:invoke at /States/A/Resource"},
		"token":             {single(`{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","End":true}`), "is not recognized"},
		"no function":       {single(`{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"Payload":1},"End":true}`), "The field 'FunctionName' is required but was missing at /States/A/Parameters"},
		"invocation":        {single(`{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","InvocationType":"Event"},"End":true}`), "Value is not one of: [RequestResponse] at /States/A/Parameters/InvocationType"},
		"two time-outs":     {single(`{` + task + `,"TimeoutSeconds":1,"TimeoutSecondsPath":"$.a"}`), "You cannot set the fields [TimeoutSeconds, TimeoutSecondsPath] together at /States/A"},
		"time-out zero":     {single(`{` + task + `,"TimeoutSeconds":0}`), "Value is less than the minimum of 1 at /States/A/TimeoutSeconds"},
		"result path":       {single(`{"Type":"Pass","ResultPath":"$.a[0]","End":true}`), "Value is not a Reference Path at /States/A/ResultPath"},
		"result in context": {single(`{"Type":"Pass","ResultPath":"$$.a","End":true}`), "Value is not a Reference Path at /States/A/ResultPath"},
		"wait nothing":      {single(`{"Type":"Wait","End":true}`), "One of these fields is required: [Seconds, Timestamp, SecondsPath, TimestampPath] at /States/A"},
		"wait twice":        {single(`{"Type":"Wait","Seconds":1,"SecondsPath":"$.a","End":true}`), "You cannot set the fields [Seconds, SecondsPath] together at /States/A"},
		"wait text":         {single(`{"Type":"Wait","Seconds":"1","End":true}`), "Expected value of type Integer at /States/A/Seconds"},
		"wait timestamp":    {single(`{"Type":"Wait","Timestamp":"2016-12-05 21:29:29Z","End":true}`), "String does not match RFC3339 timestamp at /States/A/Timestamp"},
		"choice empty":      {single(`{"Type":"Choice","Choices":[]}`), "Expected at least one choice rule at /States/A/Choices"},
		"choice two tests":  {single(`{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"IsString":true,"Next":"A"}]}`), "Expected exactly one comparison operator, found [IsNull, IsString] at /States/A/Choices[0]"},
		"choice list":       {single(`{"Type":"Choice","Choices":[{"Variable":"$.a[*]","IsNull":true,"Next":"A"}]}`), "Value is not a Reference Path at /States/A/Choices[0]/Variable"},
		"choice value":      {single(`{"Type":"Choice","Choices":[{"Variable":"$.a","NumericEquals":"1","Next":"A"}]}`), "Expected value of type Numeric at /States/A/Choices[0]/NumericEquals"},
		"choice nested next": {
			single(`{"Type":"Choice","Choices":[{"Not":{"Variable":"$.a","IsNull":true,"Next":"A"},"Next":"A"}]}`),
			"Field 'Next' of state 'A' is not supported by the local AWS at /States/A/Choices[0]/Not/Next",
		},
		"retry all first": {single(`{` + task + `,"Retry":[{"ErrorEquals":["States.ALL"]},{"ErrorEquals":["A"]}]}`), "States.ALL can only be used in the last entry at /States/A/Retry"},
		"retry all mixed": {single(`{` + task + `,"Retry":[{"ErrorEquals":["A","States.ALL"]}]}`), "States.ALL can not be used with other error types at /States/A/Retry[0]/ErrorEquals"},
		"retry rate":      {single(`{` + task + `,"Retry":[{"ErrorEquals":["A"],"BackoffRate":0.5}]}`), "Value must be a number greater than or equal to 1.0 at /States/A/Retry[0]/BackoffRate"},
		"retry jitter":    {single(`{` + task + `,"Retry":[{"ErrorEquals":["A"],"JitterStrategy":"SOME"}]}`), "Value is not one of: [NONE, FULL] at /States/A/Retry[0]/JitterStrategy"},
		"catch no next":   {single(`{` + task + `,"Catch":[{"ErrorEquals":["A"]}]}`), "These fields are required: [Next] at /States/A/Catch[0]"},
		"catch target":    {single(`{` + task + `,"Catch":[{"ErrorEquals":["A"],"Next":"B"}]}`), "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Catch[0]/Next"},
		"fail twice":      {single(`{"Type":"Fail","Error":"a","ErrorPath":"$.a"}`), "You cannot set the fields [Error, ErrorPath] together at /States/A"},
		"retry in pass":   {single(`{"Type":"Pass","Retry":[],"End":true}`), "Field 'Retry' of state 'A' is not supported by the local AWS at /States/A/Retry"},
		"long name":       {`{"StartAt":"A","States":{"` + strings.Repeat("n", 81) + `":{"Type":"Succeed"}}}`, "State name length must be between 1 and 80 characters"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse([]byte(c.definition))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

// TestDefinitionTellsAll: every finding is reported, not the first only.
func TestDefinitionTellsAll(t *testing.T) {
	t.Parallel()
	_, err := Parse([]byte(`{"StartAt":"A","States":{"A":{"Type":"Map"},"B":{"Type":"Pass"}}}`))
	const want = "SCHEMA_VALIDATION_FAILED: State 'A' is of type Map, which is not supported by the local AWS at /States/A/Type, " +
		"SCHEMA_VALIDATION_FAILED: These fields are required: [Next] or [End: true] at /States/B"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

// FuzzDefinition: no definition makes parsing or running panic or hang.
func FuzzDefinition(f *testing.F) {
	for _, definition := range []string{
		`{}`, single(`{"Type":"Pass","Parameters":{"a.$":"$[*].*"},"ResultPath":"$.a.b","Next":"A"}`),
		single(`{"Type":"Wait","TimestampPath":"$.t","End":true}`),
		single(`{"Type":"Choice","Choices":[{"Not":{"And":[{"Variable":"$$.State.Name","StringMatches":"*A*"}]},"Next":"A"}],"Default":"A"}`),
		single(`{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f","Payload.$":"$"},"ResultSelector":{"a.$":"$.Payload"},"Retry":[{"ErrorEquals":["States.ALL"],"MaxAttempts":99999999,"BackoffRate":9e307}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"A"}],"TimeoutSeconds":5,"Next":"A"}`),
		single(`{"Type":"Fail","ErrorPath":"$.e","CausePath":"$$.Execution.Id"}`),
		`{"TimeoutSeconds":1,"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":99999999,"End":true}}}`,
	} {
		f.Add(definition, sample)
	}
	f.Fuzz(func(t *testing.T, definition, input string) {
		m, err := Parse([]byte(definition))
		if err != nil {
			if err.Error() == "" {
				t.Error("refused without a reason")
			}
			return
		}
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 365*24*time.Hour)
			defer cancel()
			if last, _ := m.Run(ctx, execution(input, 100), Position{}); last.Details.Error == errorRuntime && last.Details.Cause == "" {
				t.Error("failed without a cause")
			}
		})
	})
}
