// Command sdk plays a script of operations against an endpoint with the AWS SDK
// for Go, and prints one line of JSON for each step: its answer, or its error.
//
//	go run .ci/peers/sdk/main.go http://127.0.0.1:4566 <script.json
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"strings"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

// step is one operation of the script.
type step struct {
	Step, Service, Operation string
	Parameters               map[string]any
	// Save keeps a member of the answer under a name, for ${name} in later steps.
	Save map[string]string
	// Until repeats the step until a member of the answer has a value.
	Until map[string]string
}

func main() {
	if err := play(os.Args[1], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func play(url string, in io.Reader, out io.Writer) error {
	var steps []step
	if err := json.NewDecoder(in).Decode(&steps); err != nil {
		return err
	}
	config := awssdk.Config{
		Region: "us-east-1", BaseEndpoint: &url,
		Credentials: credentials.NewStaticCredentialsProvider("peer", "peer", ""),
		Retryer:     func() awssdk.Retryer { return retry.AddWithMaxAttempts(retry.NewStandard(), 1) },
	}
	clients := map[string]any{
		"sqs": sqs.NewFromConfig(config), "stepfunctions": sfn.NewFromConfig(config), "dynamodb": dynamodb.NewFromConfig(config),
		"sns": sns.NewFromConfig(config), "sts": sts.NewFromConfig(config), "cloudformation": cloudformation.NewFromConfig(config),
	}
	saved := map[string]string{"run": "sdk"} // makes names that no other run has
	encoder := json.NewEncoder(out)
	for _, s := range steps {
		line, err := repeat(clients[s.Service], s, saved)
		if err != nil {
			return fmt.Errorf("%s: %w", s.Step, err)
		}
		line["step"] = s.Step
		if err := encoder.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

// repeat calls until the step's condition holds, for ten seconds at most.
func repeat(client any, s step, saved map[string]string) (line map[string]any, err error) {
	for range 50 {
		answer, err := call(client, s.Operation, substituted(s.Parameters, saved))
		if told, ok := errors.AsType[smithy.APIError](err); ok {
			return map[string]any{"error": told.ErrorCode(), "message": told.ErrorMessage()}, nil
		}
		if err != nil {
			return map[string]any{"error": "(no answer of the service)", "message": err.Error()}, nil
		}
		for name, path := range s.Save {
			saved[name] = fmt.Sprint(at(answer, path))
		}
		line = map[string]any{"answer": answer}
		done := true
		for path, want := range s.Until {
			done = done && fmt.Sprint(at(answer, path)) == want
		}
		if done {
			break
		}
		time.Sleep(200 * time.Millisecond)
	}
	return line, nil
}

// call calls an operation by its name.
func call(client any, operation string, parameters any) (any, error) {
	method := reflect.ValueOf(client).MethodByName(operation)
	if !method.IsValid() {
		return nil, fmt.Errorf("the SDK has no operation %s", operation)
	}
	in := reflect.New(method.Type().In(1).Elem())
	if err := fill(in.Elem(), parameters); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	out := method.Call([]reflect.Value{reflect.ValueOf(ctx), in})
	if err, failed := out[1].Interface().(error); failed {
		return nil, err
	}
	return plain(out[0]), nil
}

// fill writes JSON values into a request of the SDK.
func fill(to reflect.Value, from any) error {
	switch to.Kind() {
	case reflect.Pointer:
		to.Set(reflect.New(to.Type().Elem()))
		return fill(to.Elem(), from)
	case reflect.Struct:
		for name, value := range from.(map[string]any) {
			field := to.FieldByNameFunc(func(f string) bool { return strings.EqualFold(f, name) })
			if !field.IsValid() {
				return fmt.Errorf("%s has no %s", to.Type(), name)
			}
			if err := fill(field, value); err != nil {
				return err
			}
		}
		return nil
	case reflect.Map:
		to.Set(reflect.MakeMap(to.Type()))
		for name, value := range from.(map[string]any) {
			item := reflect.New(to.Type().Elem()).Elem()
			if err := fill(item, value); err != nil {
				return err
			}
			to.SetMapIndex(reflect.ValueOf(name).Convert(to.Type().Key()), item)
		}
		return nil
	case reflect.Slice:
		to.Set(reflect.MakeSlice(to.Type(), 0, 0)) // an empty list is not a missing one
		for _, value := range from.([]any) {
			item := reflect.New(to.Type().Elem()).Elem()
			if err := fill(item, value); err != nil {
				return err
			}
			to.Set(reflect.Append(to, item))
		}
		return nil
	case reflect.Interface:
		value, err := attribute(from.(map[string]any))
		if err == nil {
			to.Set(reflect.ValueOf(value))
		}
		return err
	default:
		to.Set(reflect.ValueOf(from).Convert(to.Type()))
		return nil
	}
}

// attribute is a DynamoDB value, such as {"S": "text"}.
func attribute(from map[string]any) (dynamodbtypes.AttributeValue, error) {
	for kind, value := range from {
		switch kind {
		case "S":
			return &dynamodbtypes.AttributeValueMemberS{Value: value.(string)}, nil
		case "N":
			return &dynamodbtypes.AttributeValueMemberN{Value: value.(string)}, nil
		}
	}
	return nil, fmt.Errorf("no DynamoDB value of this script: %v", from)
}

// plain makes an answer of the SDK to JSON values. What is not set is left out.
func plain(v reflect.Value) any {
	if t, ok := v.Interface().(time.Time); ok {
		return t.UTC().Format(time.RFC3339Nano)
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		if v.Kind() == reflect.Interface {
			value := reflect.Indirect(v.Elem())
			_, kind, _ := strings.Cut(value.Type().Name(), "Member")
			return map[string]any{kind: plain(value.FieldByName("Value"))}
		}
		return plain(v.Elem())
	case reflect.Struct:
		members := map[string]any{}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() || f.Name == "ResultMetadata" {
				continue
			}
			if value := plain(v.Field(i)); value != nil {
				members[f.Name] = value
			}
		}
		return members
	case reflect.Map:
		if v.Len() == 0 {
			return nil
		}
		members := map[string]any{}
		for _, key := range v.MapKeys() {
			members[key.String()] = plain(v.MapIndex(key))
		}
		return members
	case reflect.Slice:
		if v.Len() == 0 {
			return nil
		}
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return v.Interface()
		}
		var items []any
		for i := range v.Len() {
			items = append(items, plain(v.Index(i)))
		}
		return items
	case reflect.String:
		if v.Len() == 0 {
			return nil
		}
		return v.String()
	default:
		return v.Interface()
	}
}

// at finds a member of an answer by its path, such as Messages.0.ReceiptHandle.
func at(answer any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		switch v := answer.(type) {
		case map[string]any:
			answer = nil
			for member, value := range v {
				if strings.EqualFold(member, name) {
					answer = value
				}
			}
		case []any:
			var i int
			if _, err := fmt.Sscan(name, &i); err != nil || i >= len(v) {
				return nil
			}
			answer = v[i]
		default:
			return nil
		}
	}
	return answer
}

// substituted replaces ${name} by what was saved.
func substituted(value any, saved map[string]string) any {
	switch v := value.(type) {
	case string:
		return regexp.MustCompile(`\$\{\w+\}`).ReplaceAllStringFunc(v, func(name string) string { return saved[name[2:len(name)-1]] })
	case map[string]any:
		members := map[string]any{}
		for name, member := range v {
			members[substituted(name, saved).(string)] = substituted(member, saved)
		}
		return members
	case []any:
		items := make([]any, len(v))
		for i, item := range v {
			items[i] = substituted(item, saved)
		}
		return items
	}
	return value
}
