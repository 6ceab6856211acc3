package asl

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// call runs the function of a task and records it. The events of a plain
// function ARN and of the lambda:invoke integration differ in name and shape.
func (v *visit) call(ctx context.Context, request document, timeout int64) (document, error) {
	plain := v.state.task.function != ""
	function, payload := v.state.task.function, request
	if !plain {
		var err error
		if function, payload, err = v.integration(request); err != nil {
			return document{}, err
		}
	}
	if len(request.text) > maxData {
		return document{}, tooLarge(v.state.name)
	}
	if err := v.schedule(request, timeout); err != nil {
		return document{}, err
	}
	result, err := v.invoke(ctx, function, payload, timeout)
	if ctx.Err() != nil {
		return document{}, ctx.Err()
	}
	f, failed := errors.AsType[*failure](err)
	end := "Succeeded"
	switch {
	case failed && f.name == errorTimeout:
		end = "TimedOut"
	case failed:
		end = "Failed"
	}
	event := callEvent(plain, end)
	event.Details.Output = result.text
	if failed {
		event.Details.Error, event.Details.Cause = f.name, f.cause
	}
	if _, appendErr := v.append(event); appendErr != nil {
		return document{}, appendErr
	}
	return result, err
}

// schedule records that the call is scheduled and started.
func (v *visit) schedule(request document, timeout int64) error {
	plain := v.state.task.function != ""
	scheduled, started := callEvent(plain, "Scheduled"), callEvent(plain, "Started")
	scheduled.Details.TimeoutSeconds = timeout
	if plain {
		scheduled.Details.Resource, scheduled.Details.Input = v.state.task.function, request.text
		started.Details = nil
	} else {
		scheduled.Details.Region, scheduled.Details.Parameters = v.execution.region(), request.text
	}
	if _, err := v.append(scheduled); err != nil {
		return err
	}
	_, err := v.append(started)
	return err
}

// callEvent is an event of a call: of a plain function ARN, or of lambda:invoke.
func callEvent(plain bool, suffix string) Event {
	if plain {
		return Event{Type: "LambdaFunction" + suffix, Details: &Details{}}
	}
	return Event{Type: "Task" + suffix, Details: &Details{Resource: "invoke", ResourceType: "lambda"}}
}

// invoke calls the function within the task's time-out.
func (v *visit) invoke(ctx context.Context, function string, payload document, timeout int64) (document, error) {
	limited, cancel := context.WithCancel(ctx)
	if timeout > 0 {
		limited, cancel = context.WithTimeout(ctx, time.Duration(timeout)*time.Second)
	}
	defer cancel()
	output, broken, err := v.execution.Functions.Invoke(limited, function, []byte(payload.text))
	if limited.Err() != nil {
		return document{}, &failure{name: errorTimeout}
	}
	if err != nil {
		return document{}, v.uncallable(function, err)
	}
	if broken != nil {
		return document{}, v.broken(broken)
	}
	result, err := parseDocument(string(output))
	if len(output) == 0 {
		result, err = newDocument(nil), nil
	}
	if err != nil {
		return document{}, &failure{name: errorLambdaUnknown, cause: "The function's answer is not valid JSON: " + err.Error()}
	}
	if v.state.task.function == "" {
		result = v.response(result)
	}
	if len(result.text) > maxData {
		who := v.state.task.function
		if who == "" {
			who = "lambda"
		}
		return document{}, tooLarge(who)
	}
	return result, nil
}

// broken is the failure of a function that failed by itself. The cause is the
// text of the runtime for a plain ARN and compact for lambda:invoke (recorded).
func (v *visit) broken(e *FunctionError) *failure {
	o := newObject()
	o.set("errorMessage", e.Message)
	if e.Type == "" {
		return &failure{
			name:  errorLambdaUnknown,
			cause: "The cause could not be determined because Lambda did not return an error type. Returned payload: " + encode(o),
		}
	}
	o.set("errorType", e.Type)
	o.set("requestId", v.execution.NewID())
	if e.StackTrace != nil {
		frames := make([]any, len(e.StackTrace))
		for i, s := range e.StackTrace {
			frames[i] = s
		}
		o.set("stackTrace", frames)
	}
	cause := encode(o)
	if v.state.task.function != "" {
		cause = encodeSpaced(o)
	}
	return &failure{name: shorten(e.Type, maxErrorName), cause: shorten(cause, maxCause)}
}

// The longest error name and cause in characters (API reference, history event details).
const (
	maxErrorName = 256
	maxCause     = 32_768
)

// shorten cuts text to at most so many characters.
func shorten(text string, most int) string {
	for i := range text {
		if most == 0 {
			return text[:i]
		}
		most--
	}
	return text
}

// uncallable is the failure of a call that Lambda refused. An error that names
// its type (method ErrorType) keeps it, so that throttling can be rehearsed.
func (v *visit) uncallable(function string, err error) *failure {
	name, status := "ServiceException", 500
	if errors.Is(err, ErrNoFunction) {
		name, status = "ResourceNotFoundException", 404
	} else if typed, ok := errors.AsType[interface {
		error
		ErrorType() string
	}](err); ok {
		name, status = strings.TrimPrefix(typed.ErrorType(), "Lambda."), 400
	}
	text := err.Error()
	if status == 404 {
		text = "Function not found: " + function
	}
	return &failure{
		name:  "Lambda." + name,
		cause: fmt.Sprintf("%s (Service: AWSLambda; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null)", text, status, name, v.execution.NewID()),
	}
}

// integration takes the function and its payload out of lambda:invoke's parameters.
func (v *visit) integration(request document) (function string, payload document, err error) {
	o, _ := request.value.(*object)
	named, _ := o.get("FunctionName")
	name, ok := named.(string)
	if !ok || name == "" {
		return "", document{}, runtimeFailure("The Parameters '%s' could not be used to start the Task: [The value of the field 'FunctionName' must be a STRING]", request.text)
	}
	payload = newDocument(newObject())
	if p, ok := o.get("Payload"); ok {
		payload = newDocument(p)
	}
	return v.execution.function(name), payload, nil
}

// function completes a name to an ARN of the execution's own account and region.
func (e *Execution) function(name string) string {
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	part := append(strings.Split(e.ARN, ":"), "", "", "", "", "")
	return "arn:" + part[1] + ":lambda:" + part[3] + ":" + part[4] + ":function:" + name
}

func (e *Execution) region() string {
	part := append(strings.Split(e.ARN, ":"), "", "", "", "")
	return part[3]
}

// response is the answer of lambda:invoke around a function's output. AWS has
// the headers in two orders (recorded): as they came, and by name.
func (v *visit) response(payload document) document {
	id := v.execution.NewID()
	length := number(len(payload.text)).String()
	headers := [][2]string{
		{"X-Amz-Executed-Version", "$LATEST"},
		{"x-amzn-Remapped-Content-Length", "0"},
		{"Connection", "keep-alive"},
		{"x-amzn-RequestId", id},
		{"Content-Length", length},
		{"Date", time.Now().UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")},
		{"X-Amzn-Trace-Id", v.trace()},
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
	http := newObject()
	http.set("AllHttpHeaders", all)
	http.set("HttpHeaders", single)
	http.set("HttpStatusCode", json.Number("200"))
	request := newObject()
	request.set("RequestId", id)
	o := newObject()
	o.set("ExecutedVersion", "$LATEST")
	o.set("Payload", payload.value)
	o.set("SdkHttpMetadata", http)
	o.set("SdkResponseMetadata", request)
	o.set("StatusCode", json.Number("200"))
	return newDocument(o)
}

// trace makes an id as X-Ray does: a time in seconds, and two random numbers.
func (v *visit) trace() string {
	random := strings.ReplaceAll(v.execution.NewID()+v.execution.NewID(), "-", "") + strings.Repeat("0", 40)
	return fmt.Sprintf("Root=1-%08x-%s;Parent=%s;Sampled=0", time.Now().Unix(), random[:24], random[24:40])
}
