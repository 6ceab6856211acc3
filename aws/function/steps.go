package function

import (
	"context"
	"encoding/json"
	"log/slog"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"orderops/workflow/handler"
)

func newSave(config awssdk.Config, env *environ, log *slog.Logger) Function {
	save := &handler.Save{
		Rows:     &table{client: dynamodb.NewFromConfig(config), name: env.require("TABLE_NAME")},
		Notifier: &topic{client: sns.NewFromConfig(config), arn: env.require("TOPIC_ARN")},
		Log:      log,
	}
	return step(save.Save)
}

func newPayment(env *environ, log *slog.Logger) Function {
	stock, err := handler.NewStockPayer(env.values["RANDOM_SEED"], env.number("PAYMENT_FAILURE_RATE"))
	if err != nil {
		env.fail("PAYMENT_FAILURE_RATE", err.Error())
	}
	return step((&handler.Payment{Payer: stock, Log: log}).Process)
}

func newRestaurant(env *environ, log *slog.Logger) Function {
	stock, err := handler.NewStockKitchen(env.values["RANDOM_SEED"], env.number("RESTAURANT_FAILURE_RATE"))
	if err != nil {
		env.fail("RESTAURANT_FAILURE_RATE", err.Error())
	}
	return step((&handler.Restaurant{Kitchen: stock, Log: log}).Process)
}

// step is a function around a step of the state machine.
func step[Result any](do func(context.Context, handler.Event) (Result, error)) Function {
	return func(ctx context.Context, payload []byte) ([]byte, error) {
		event, err := handler.DecodeEvent(payload)
		if err != nil {
			return nil, err
		}
		result, err := do(ctx, event)
		if err != nil {
			return nil, err
		}
		return json.Marshal(result)
	}
}

// topic is handler.Notifier over SNS.
type topic struct {
	client *sns.Client
	arn    string
}

// Notify calls Publish.
func (t *topic) Notify(ctx context.Context, message string) error {
	if _, err := t.client.Publish(ctx, &sns.PublishInput{TopicArn: &t.arn, Message: &message}); err != nil {
		return &CallError{Operation: "sns:Publish", Target: t.arn, Err: err}
	}
	return nil
}
