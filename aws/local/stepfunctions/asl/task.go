package asl

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"orderops/aws/local/lambda"
	"orderops/aws/local/wire"
)

// resourceInvoke is the service integration that calls a Lambda function.
const resourceInvoke = "arn:aws:states:::lambda:invoke"

// task is what a Task state calls.
type task struct {
	// function is the Lambda function's ARN; "" means the lambda:invoke
	// integration, where the parameters name the function.
	function string
	// timeout in seconds; 0 means none.
	timeout     int64
	timeoutPath *path
}

func (f *fields) task() worker {
	f.require("Resource")
	f.atMostOne("TimeoutSeconds", "TimeoutSecondsPath")
	t := &task{timeout: f.seconds("TimeoutSeconds", 1, 0), timeoutPath: f.path("TimeoutSecondsPath")}
	switch resource, ok := member[string](f, "Resource"); {
	case resource == resourceInvoke:
		f.invokeParameters()
	case functionARN.MatchString(resource):
		t.function = resource
	case ok:
		f.fail("Resource", "The resource provided %s is not recognized. The local AWS runs Lambda functions and %s", resource, resourceInvoke)
	}
	return t.call
}

// functionARN is the ARN of a Lambda function, perhaps with a version or alias.
var functionARN = regexp.MustCompile(`^arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+(:[^:]*)?$`)

// invokeParameters checks what lambda:invoke is given.
func (f *fields) invokeParameters() {
	o, ok := member[*object](f, "Parameters")
	if !ok {
		o = newObject()
	}
	p := f.fields(o, f.state, f.at+"/Parameters")
	if named, _ := p.present("FunctionName", "FunctionName.$"); len(named) == 0 {
		f.fail("Parameters", "The field 'FunctionName' is required but was missing")
	}
	for _, name := range []string{"FunctionName", "FunctionName.$", "Payload", "Payload.$"} {
		p.known[name] = true
	}
	p.oneOf("InvocationType", "RequestResponse")
	p.finish()
}

// seconds is the time-out of the task for what its state was given, 0 for none.
func (t *task) seconds(v *visit) (int64, error) {
	p := t.timeoutPath
	if p == nil {
		return t.timeout, nil
	}
	value, err := v.at(p, v.given)
	if err != nil {
		return 0, runtimeFailure("Invalid path '%s' : %s", p.text, err.Error())
	}
	n, _ := value.(json.Number)
	seconds, err := n.Int64()
	if err != nil || seconds < 1 || seconds > maxSeconds {
		return 0, runtimeFailure("The TimeoutSecondsPath parameter does not reference a positive integer: %s == %s", p.text, plain(value))
	}
	return seconds, nil
}

// Invoker runs Lambda functions for Task states.
type Invoker interface {
	// Invoke calls the function with a JSON payload and waits for its answer.
	// failure means that the function itself failed; err means that it could not
	// be called, lambda.ErrNoFunction when there is none. It returns soon after ctx ends.
	Invoke(ctx context.Context, functionARN string, payload []byte) (output []byte, failure *lambda.Failure, err error)
}

// call runs the function of a task and records it. The events of a plain
// function ARN and of the lambda:invoke integration differ in name and shape.
func (t *task) call(ctx context.Context, v *visit, request document) (document, error) {
	timeout := wire.Must(t.seconds(v))
	function, payload, kind := t.function, request, "LambdaFunction"
	always := Details{} // what each of the call's events tells
	scheduled := Details{Resource: function, Input: request.text, TimeoutSeconds: timeout}
	if function == "" {
		function, payload = v.integration(request)
		kind, always = "Task", Details{Resource: "invoke", ResourceType: "lambda"}
		scheduled = always
		scheduled.Region, scheduled.Parameters, scheduled.TimeoutSeconds = v.execution.arnPart(3), request.text, timeout
	}
	if len(request.text) > maxData {
		return document{}, tooLarge(v.state.name)
	}
	wire.Check(v.append(kind+"Scheduled", scheduled))
	wire.Check(v.append(kind+"Started", always))
	result, err := t.invoke(ctx, v, function, payload, timeout)
	if ctx.Err() != nil {
		return document{}, ctx.Err()
	}
	end, ended := "Succeeded", always
	ended.Output = result.text
	if f, failed := errors.AsType[*failure](err); failed {
		end, ended.Error, ended.Cause = "Failed", f.name, f.cause
		if f.name == errorTimeout {
			end = "TimedOut"
		}
	}
	return result, cmp.Or(v.append(kind+end, ended), err)
}

// invoke calls the function within the task's time-out.
func (t *task) invoke(ctx context.Context, v *visit, function string, payload document, timeout int64) (document, error) {
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(timeout)*time.Second)
		defer cancel()
	}
	output, broken, err := v.execution.Functions.Invoke(ctx, function, []byte(payload.text))
	switch {
	case ctx.Err() != nil:
		return document{}, &failure{name: errorTimeout}
	case err != nil:
		return document{}, v.uncallable(function, err)
	case broken != nil:
		return document{}, failureOf(broken, v.execution.NewID(), t.function != "")
	case len(output) == 0:
		output = []byte("null")
	}
	result, err := parseDocument(string(output))
	if err != nil {
		return document{}, &failure{name: errorLambdaUnknown, cause: "The function's answer is not valid JSON: " + err.Error()}
	}
	if t.function == "" {
		result = v.response(result)
	}
	if len(result.text) > maxData {
		return document{}, tooLarge(cmp.Or(t.function, "lambda"))
	}
	return result, nil
}

// The longest error name and cause in characters (API reference, history event details).
const (
	maxErrorName = 256
	maxCause     = 32_768
)

// failureOf is how a function that failed by itself is told. The cause is the
// text of the runtime for a plain ARN and compact for lambda:invoke (recorded).
func failureOf(e *lambda.Failure, request string, plain bool) *failure {
	o := newObject().set("errorMessage", e.Message)
	if e.Type == "" {
		return &failure{
			name:  errorLambdaUnknown,
			cause: "The cause could not be determined because Lambda did not return an error type. Returned payload: " + encode(o),
		}
	}
	o.set("errorType", e.Type).set("requestId", request)
	if e.StackTrace != nil {
		o.set("stackTrace", e.StackTrace)
	}
	cause := encode(o)
	if plain {
		cause = encodeSpaced(o)
	}
	return &failure{name: shorten(e.Type, maxErrorName), cause: shorten(cause, maxCause)}
}

// uncallable is the failure of a call that Lambda refused. An error that names
// its type (method ErrorType) keeps it, so that throttling can be rehearsed.
func (v *visit) uncallable(function string, err error) *failure {
	name, status, text := "ServiceException", 500, err.Error()
	if errors.Is(err, lambda.ErrNoFunction) {
		name, status, text = "ResourceNotFoundException", 404, "Function not found: "+function
	} else if typed, ok := errors.AsType[interface {
		error
		ErrorType() string
	}](err); ok {
		name, status = strings.TrimPrefix(typed.ErrorType(), "Lambda."), 400
	}
	return &failure{
		name:  "Lambda." + name,
		cause: fmt.Sprintf("%s (Service: AWSLambda; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null)", text, status, name, v.execution.NewID()),
	}
}

// integration takes the function and its payload out of lambda:invoke's
// parameters. A name is completed to an ARN of the execution's own account and region.
func (v *visit) integration(request document) (function string, payload document) {
	o, _ := request.value.(*object)
	named, _ := o.get("FunctionName")
	function, _ = named.(string)
	if function == "" {
		wire.Check(runtimeFailure("The Parameters '%s' could not be used to start the Task: [The value of the field 'FunctionName' must be a STRING]", request.text))
	}
	if !strings.HasPrefix(function, "arn:") {
		e := v.execution
		function = "arn:" + e.arnPart(1) + ":lambda:" + e.arnPart(3) + ":" + e.arnPart(4) + ":function:" + function
	}
	value, ok := o.get("Payload")
	if !ok {
		value = newObject()
	}
	return function, newDocument(value)
}

// arnPart is a part of the execution's ARN: 1 the partition, 3 the region, 4 the account.
func (e *Execution) arnPart(i int) string {
	return append(strings.Split(e.ARN, ":"), "", "", "", "", "")[i]
}

// response is the answer of lambda:invoke around a function's output. AWS has
// the headers in two orders (recorded): as they came, and by name.
func (v *visit) response(payload document) document {
	id := v.execution.NewID()
	random := strings.ReplaceAll(v.execution.NewID()+v.execution.NewID(), "-", "") + strings.Repeat("0", 40)
	trace := fmt.Sprintf("Root=1-%08x-%s;Parent=%s;Sampled=0", time.Now().Unix(), random[:24], random[24:40]) // as X-Ray does
	headers := [][2]string{
		{"X-Amz-Executed-Version", "$LATEST"},
		{"x-amzn-Remapped-Content-Length", "0"},
		{"Connection", "keep-alive"},
		{"x-amzn-RequestId", id},
		{"Content-Length", number(len(payload.text)).String()},
		{"Date", time.Now().UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")},
		{"X-Amzn-Trace-Id", trace},
		{"Content-Type", "application/json"},
	}
	all, single := newObject(), newObject()
	for _, h := range headers {
		all.set(h[0], []any{h[1]})
	}
	slices.SortFunc(headers, func(a, b [2]string) int { return strings.Compare(strings.ToLower(a[0]), strings.ToLower(b[0])) })
	for _, h := range headers {
		single.set(h[0], h[1])
	}
	const ok = json.Number("200")
	return newDocument(newObject().
		set("ExecutedVersion", "$LATEST").
		set("Payload", payload.value).
		set("SdkHttpMetadata", newObject().set("AllHttpHeaders", all).set("HttpHeaders", single).set("HttpStatusCode", ok)).
		set("SdkResponseMetadata", newObject().set("RequestId", id)).
		set("StatusCode", ok))
}

// maxWait is the longest wait of a Wait state; a timestamp 24,856 days ahead is refused (recorded).
const maxWait = math.MaxInt32 * time.Second

// wait is the work of a Wait state: it lets time pass. What is past takes none.
func (f *fields) wait() worker {
	forms := []string{"Seconds", "Timestamp", "SecondsPath", "TimestampPath"}
	present, _ := f.present(forms...)
	f.atMostOne(forms...)
	f.seconds("Seconds", 0, 0)
	if text, ok := member[string](f, "Timestamp"); ok && !isTimestamp(text) {
		f.fail("Timestamp", "String does not match RFC3339 timestamp")
	}
	if len(present) != 1 {
		if len(present) == 0 {
			f.report(codeSchema, f.at, "One of these fields is required: [%s]", strings.Join(forms, ", "))
		}
		return nil
	}
	form := present[0]
	literal, _ := f.members.get(form)
	var p *path
	if strings.HasSuffix(form, "Path") {
		p = f.path(form)
	}
	return func(ctx context.Context, v *visit, data document) (document, error) {
		value := literal
		if p != nil {
			var err error
			if value, err = v.at(p, data); err != nil {
				return document{}, runtimeFailure("The %s parameter does not reference an input value: %s", form, p.text)
			}
		}
		d := wire.Must(pause(form, value, literal))
		return data, sleep(ctx, d)
	}
}

// pause is how long a Wait state waits from now on for what its field in one of
// its forms says. The path that led to the value is told when it can't be used.
func pause(form string, value, path any) (d time.Duration, err error) {
	if strings.HasPrefix(form, "Timestamp") {
		until, ok := parseTimestamp(value)
		if !ok {
			return 0, runtimeFailure("The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: %s == %s", path, plain(value))
		}
		d = time.Until(until)
	} else {
		n, _ := value.(json.Number)
		seconds, err := n.Int64()
		switch {
		case err != nil:
			return 0, runtimeFailure("The SecondsPath parameter cannot be parsed as a long value: %s == %s", path, plain(value))
		case seconds < 0:
			return 0, runtimeFailure("The SecondsPath parameter references a negative value: %s == %d", path, seconds)
		}
		d = time.Duration(min(seconds, math.MaxInt64/int64(time.Second))) * time.Second
	}
	if d > maxWait {
		return 0, runtimeFailure("Wait state delay is too long.")
	}
	return d, nil
}

// plain writes a value as messages show it: a string without quotes.
func plain(value any) string {
	if s, ok := value.(string); ok {
		return s
	}
	return encode(value)
}

// parseTimestamp reads RFC 3339 with a capital T and a zone, as the language demands.
func parseTimestamp(value any) (time.Time, bool) {
	text, _ := value.(string)
	t, err := time.Parse(time.RFC3339Nano, text)
	return t, err == nil && !strings.ContainsRune(text, ',') // Go takes a comma as the fraction's mark
}

// sleep waits for d or for the end of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
