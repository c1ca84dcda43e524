#!/usr/bin/env bash
# Deploys each function under its own name. Can be run again.
#
# REDIS_URL comes from a secret: the URL of a Memorystore Redis in the network that the functions join.
#
#   PROJECT=my-project REGION=europe-west1 NETWORK=default PAY_URL=https://... ./deploy.sh
set -euo pipefail
cd "$(dirname "$0")"
: "${PROJECT:?}" "${REGION:?}" "${NETWORK:?}" "${PAY_URL:?must be the URL of the payment service}"
export CLOUDSDK_CORE_PROJECT=$PROJECT CLOUDSDK_FUNCTIONS_REGION=$REGION

npm run build
account="orders@$PROJECT.iam.gserviceaccount.com"
deploy=(gcloud functions deploy --gen2 --runtime=nodejs24 --source=. --run-service-account="$account" --quiet
  --set-env-vars=PAY_URL="$PAY_URL" --set-secrets=REDIS_URL=redis-url:latest --direct-vpc-egress=private-ranges-only --network="$NETWORK")
"${deploy[@]}" orders-http --entry-point=http --trigger-http --allow-unauthenticated
# Without --retry, failed messages are lost.
deploy+=(--retry --no-allow-unauthenticated --trigger-service-account="$account")
"${deploy[@]}" charge --entry-point=charge --trigger-topic=orders
"${deploy[@]}" nightly-report --entry-point=nightly-report --trigger-topic=nightly-report
"${deploy[@]}" shipped --entry-point=shipped --trigger-event-filters=type=order.shipped \
  --trigger-channel="projects/$PROJECT/locations/$REGION/channels/orders"

# Eventarc creates the subscriptions without a dead-letter topic, so it is added here.
number=$(gcloud projects describe "$PROJECT" --format="value(projectNumber)")
for name in charge nightly-report shipped; do
  gcloud functions add-invoker-policy-binding "$name" --member="serviceAccount:$account"
  trigger=$(gcloud functions describe "$name" --gen2 --format="value(eventTrigger.trigger)")
  subscription=$(gcloud eventarc triggers describe "$trigger" --format="value(transport.pubsub.subscription)")
  gcloud pubsub subscriptions update "$subscription" --dead-letter-topic=orders-dead --max-delivery-attempts=5 \
    --min-retry-delay=10s --max-retry-delay=600s
  gcloud pubsub subscriptions add-iam-policy-binding "$subscription" --role=roles/pubsub.subscriber \
    --member="serviceAccount:service-$number@gcp-sa-pubsub.iam.gserviceaccount.com"
done
