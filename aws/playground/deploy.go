package playground

import (
	"log/slog"
	"strconv"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"orderops/aws/deploy"
	"orderops/aws/function"
	"orderops/aws/local"
	"orderops/aws/rehearsal"
	"orderops/config"
)

// Timeouts of the local deployment, in seconds. They keep AWS's rule of six
// function time-outs, and let an unreadable order become a dead letter in
// under half a minute.
const (
	localFunctionTimeout = 1
	localVisibility      = 6 * localFunctionTimeout
)

// DeployOn deploys the order system with the functions of this binary,
// which a rehearsal may disturb.
func DeployOn(cloud *local.Cloud, r *rehearsal.Rehearsal, settings config.Settings) error {
	parameters := map[string]string{
		"FunctionTimeoutSeconds":   strconv.Itoa(localFunctionTimeout),
		"VisibilityTimeoutSeconds": strconv.Itoa(localVisibility),
	}
	if settings.Wait > 0 {
		parameters["WaitSeconds"] = strconv.Itoa(int(settings.Wait / time.Second))
	}
	if settings.Visibility > 0 {
		parameters["VisibilityTimeoutSeconds"] = strconv.Itoa(int(settings.Visibility / time.Second))
	}
	if settings.Seed > 0 {
		parameters["RandomSeed"] = strconv.FormatUint(settings.Seed, 10)
	}
	for name, rate := range map[string]float64{"PaymentFailureRate": settings.PaymentFailureRate, "RestaurantFailureRate": settings.RestaurantFailureRate} {
		if rate >= 0 {
			parameters[name] = strconv.FormatFloat(rate, 'f', -1, 64)
		}
	}
	logger := func(environment map[string]string) *slog.Logger {
		return slog.New(slog.NewJSONHandler(deploy.Log(cloud, environment), nil))
	}
	disturbed := r.Functions(func(kind string, environment map[string]string) (function.Function, error) {
		return function.Handler(kind, awssdk.Config{
			Region:       cloud.Region(),
			Credentials:  credentials.NewStaticCredentialsProvider(FunctionsKey, "local", ""),
			HTTPClient:   cloud.HTTPClient(),
			BaseEndpoint: awssdk.String(cloud.URL()),
		}, environment, function.WithLogger(logger(environment)))
	})
	// Outside of what disturbs it: how a rehearsal makes a function fail is logged too.
	return deploy.Local(cloud, parameters, func(kind string, environment map[string]string) (function.Function, error) {
		f, err := disturbed(kind, environment)
		return function.Logged(kind, f, logger(environment)), err
	})
}
